using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Filters;

/// <summary>
/// <c>utilization-filter</c>: keeps endpoints whose load is within all conditions. A load that is not known is within none.
/// </summary>
public sealed class UtilizationFilter(FreshnessPolicy freshness, UtilizationFilterOptions options) : IFilter
{
    private readonly UtilizationCondition[] _conditions = [.. options.Conditions];

    /// <inheritdoc/>
    public int Filter(in SchedulingContext context, Span<Endpoint> candidates)
    {
        int kept = 0;
        for (int i = 0; i < candidates.Length; i++)
        {
            if (Meets(candidates[i], context.Now))
            {
                // Swapped, not overwritten: the fallback needs all of them.
                (candidates[kept], candidates[i]) = (candidates[i], candidates[kept]);
                kept++;
            }
        }

        return kept == 0 && options.FallbackOnEmpty ? candidates.Length : kept;
    }

    private bool Meets(Endpoint endpoint, long now)
    {
        EndpointSignals signals = freshness.IsFresh(endpoint, now) ? endpoint.Signals : EndpointSignals.None;
        foreach (UtilizationCondition condition in _conditions)
        {
            double? value = condition.Metric switch
            {
                UtilizationMetric.ActiveRequests => endpoint.InFlight.Requests,
                UtilizationMetric.RunningRequests => signals.RunningRequests,
                UtilizationMetric.WaitingQueue => signals.WaitingRequests,
                _ => signals.KvCacheUsage,
            };

            if (value is null || value > condition.MaxValue)
            {
                return false;
            }
        }

        return true;
    }
}
