using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary><c>load-aware-scorer</c>: 0.5 for an empty queue, falling linearly to 0 at the threshold; 0 where the queue is not known.</summary>
public sealed class LoadAwareScorer(FreshnessPolicy freshness, LoadAwareScorerOptions options) : IScorer
{
    private readonly double _threshold = options.Threshold > 0 ? options.Threshold : new LoadAwareScorerOptions().Threshold;

    /// <inheritdoc/>
    public void Score(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, Span<double> scores)
    {
        for (int i = 0; i < candidates.Length; i++)
        {
            scores[i] = freshness.IsFresh(candidates[i], context.Now) && candidates[i].Signals.WaitingRequests is { } waiting
                ? 0.5 * (1 - (Math.Min(waiting, _threshold) / _threshold))
                : 0;
        }
    }
}
