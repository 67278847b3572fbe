using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary>
/// <c>token-load-scorer</c>: the fewer tokens the endpoint has in flight, those of this request that it would have to compute included, the
/// better, linearly down to 0 at the threshold.
/// </summary>
/// <param name="load">The <c>inflight-load-producer</c> whose <see cref="UncachedTokens"/> are read.</param>
/// <param name="options">The options.</param>
public sealed class TokenLoadScorer(IDataProducer load, TokenLoadScorerOptions options) : IScorer
{
    /// <inheritdoc/>
    public void Score(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, Span<double> scores)
    {
        ReadOnlySpan<long> uncached = context.Facts.Of<UncachedTokens>(load).BySlot;
        double threshold = options.QueueThresholdTokens;
        for (int i = 0; i < candidates.Length; i++)
        {
            long tokens = candidates[i].InFlight.Tokens + uncached[candidates[i].Slot];
            scores[i] = 1 - (Math.Clamp(tokens, 0, threshold) / threshold);
        }
    }
}
