using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary><c>kv-cache-utilization-scorer</c>: 1 minus the fraction of the KV cache in use; 0 where that is not known.</summary>
public sealed class KvCacheUtilizationScorer(FreshnessPolicy freshness) : IScorer
{
    /// <inheritdoc/>
    public void Score(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, Span<double> scores)
    {
        for (int i = 0; i < candidates.Length; i++)
        {
            scores[i] = freshness.IsFresh(candidates[i], context.Now) && candidates[i].Signals.KvCacheUsage is { } usage ? 1 - usage : 0;
        }
    }
}
