using System.Globalization;
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

    /// <inheritdoc/>
    public string? Explain(in EndpointObservation seen)
    {
        bool fresh = freshness.IsFresh(seen.ScrapedAt, seen.At);
        foreach (UtilizationCondition condition in _conditions)
        {
            double? value = Value(condition.Metric, fresh ? seen.Signals : EndpointSignals.None, seen.InFlight);
            if (value is null)
            {
                return $"{Name(condition.Metric)} not known: {(fresh ? "the model server does not tell" : freshness.Describe(seen.ScrapedAt, seen.At))}";
            }

            if (value > condition.MaxValue)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{Name(condition.Metric)} {value:0.###} above {condition.MaxValue:0.###}");
            }
        }

        return null;
    }

    private static double? Value(UtilizationMetric metric, EndpointSignals signals, int inFlight) => metric switch
    {
        UtilizationMetric.ActiveRequests => inFlight,
        UtilizationMetric.RunningRequests => signals.RunningRequests,
        UtilizationMetric.WaitingQueue => signals.WaitingRequests,
        _ => signals.KvCacheUsage,
    };

    private static string Name(UtilizationMetric metric) => metric switch
    {
        UtilizationMetric.ActiveRequests => "active-requests",
        UtilizationMetric.RunningRequests => "running-requests",
        UtilizationMetric.WaitingQueue => "waiting-queue",
        _ => "kv-cache-utilization",
    };

    private bool Meets(Endpoint endpoint, long now)
    {
        EndpointSignals signals = freshness.IsFresh(endpoint, now) ? endpoint.Signals : EndpointSignals.None;
        foreach (UtilizationCondition condition in _conditions)
        {
            double? value = Value(condition.Metric, signals, endpoint.InFlight.Requests);
            if (value is null || value > condition.MaxValue)
            {
                return false;
            }
        }

        return true;
    }
}
