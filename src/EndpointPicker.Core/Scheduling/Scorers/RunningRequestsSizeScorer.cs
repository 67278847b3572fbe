using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary><c>running-requests-size-scorer</c>: the fewer requests the model server runs, the better, min-max over the candidates.</summary>
public sealed class RunningRequestsSizeScorer(FreshnessPolicy freshness) : IScorer
{
    /// <inheritdoc/>
    public void Score(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, Span<double> scores)
    {
        for (int i = 0; i < candidates.Length; i++)
        {
            scores[i] = freshness.IsFresh(candidates[i], context.Now) && candidates[i].Signals.RunningRequests is { } running
                ? running
                : LowerIsBetter.Unknown;
        }

        LowerIsBetter.Normalise(scores);
    }
}
