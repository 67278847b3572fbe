using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary><c>load-aware-scorer</c>: 0.5 for an empty queue, falling linearly to 0 at the threshold; 0 where the server does not answer.</summary>
/// <remarks>For a server that answers but does not tell its queue, this picker's own requests in flight stand in, as in <see cref="QueueScorer"/>.</remarks>
public sealed class LoadAwareScorer(FreshnessPolicy freshness, LoadAwareScorerOptions options) : IScorer
{
    private readonly double _threshold = options.Threshold > 0 ? options.Threshold : new LoadAwareScorerOptions().Threshold;

    /// <inheritdoc/>
    public void Score(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, Span<double> scores)
    {
        for (int i = 0; i < candidates.Length; i++)
        {
            scores[i] = freshness.IsFresh(candidates[i], context.Now)
                ? 0.5 * (1 - (Math.Min(candidates[i].Signals.WaitingRequests ?? candidates[i].InFlight.Requests, _threshold) / _threshold))
                : 0;
        }
    }
}
