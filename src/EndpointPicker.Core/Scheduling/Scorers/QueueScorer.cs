using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary><c>queue-scorer</c>: the fewer requests wait in the model server, the better, min-max over the candidates.</summary>
public sealed class QueueScorer(FreshnessPolicy freshness) : IScorer
{
    /// <inheritdoc/>
    public void Score(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, Span<double> scores)
    {
        for (int i = 0; i < candidates.Length; i++)
        {
            scores[i] = freshness.IsFresh(candidates[i], context.Now) && candidates[i].Signals.WaitingRequests is { } waiting
                ? waiting
                : LowerIsBetter.Unknown;
        }

        LowerIsBetter.Normalise(scores);
    }
}
