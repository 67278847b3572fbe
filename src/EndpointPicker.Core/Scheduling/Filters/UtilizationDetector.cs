using System.Globalization;
using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Filters;

/// <summary>
/// <c>utilization-detector</c>: an endpoint is as full as the worse of its queue and its KV cache, each against its threshold; a set is as full
/// as the mean. Where an engine tells only one of the two, that one counts; where signals are stale or both absent, the endpoint counts as just
/// saturated. As a filter it keeps endpoints below the thresholds,
/// and all of them where none is.
/// </summary>
/// <param name="time">The clock that the scrapes are stamped with.</param>
/// <param name="options">The options.</param>
public sealed class UtilizationDetector(TimeProvider time, UtilizationDetectorOptions options) : IFilter, ISaturationDetector
{
    private readonly FreshnessPolicy _freshness = new(time, options.MetricsStalenessThreshold);

    /// <inheritdoc/>
    public double Saturation(ReadOnlySpan<Endpoint> endpoints, long now)
    {
        if (endpoints.IsEmpty)
        {
            return 1;
        }

        double sum = 0;
        foreach (Endpoint endpoint in endpoints)
        {
            sum += TryRead(endpoint, now, out double queue, out double cache) ? Math.Max(queue, cache) : 1;
        }

        return sum / endpoints.Length;
    }

    /// <inheritdoc/>
    public int Filter(in SchedulingContext context, Span<Endpoint> candidates)
    {
        double limit = 1 + options.Headroom;
        int kept = 0;
        for (int i = 0; i < candidates.Length; i++)
        {
            if (TryRead(candidates[i], context.Now, out double queue, out double cache) && queue < limit && cache < limit)
            {
                (candidates[kept], candidates[i]) = (candidates[i], candidates[kept]);
                kept++;
            }
        }

        return kept == 0 ? candidates.Length : kept;
    }

    /// <inheritdoc/>
    public string? Explain(in EndpointObservation seen)
    {
        EndpointSignals signals = seen.Signals;
        if (!_freshness.IsFresh(seen.ScrapedAt, seen.At))
        {
            return _freshness.Describe(seen.ScrapedAt, seen.At);
        }

        double limit = 1 + options.Headroom;
        double queueLimit = options.QueueDepthThreshold * limit;
        double cacheLimit = options.KvCacheUtilThreshold * limit;
        return (signals.WaitingRequests, signals.KvCacheUsage) switch
        {
            (null, null) => "tells neither its queue nor its KV-cache use",
            ({ } queue, _) when queue >= queueLimit => string.Create(CultureInfo.InvariantCulture, $"queue {queue}, {queueLimit:0.###} is full"),
            (_, { } cache) when cache >= cacheLimit => string.Create(CultureInfo.InvariantCulture, $"KV-cache use {cache:0.###}, {cacheLimit:0.###} is full"),
            _ => null,
        };
    }

    private bool TryRead(Endpoint endpoint, long now, out double queue, out double cache)
    {
        EndpointSignals signals = endpoint.Signals;
        queue = (signals.WaitingRequests ?? 0) / (double)options.QueueDepthThreshold;
        cache = (signals.KvCacheUsage ?? 0) / options.KvCacheUtilThreshold;
        return (signals.WaitingRequests is not null || signals.KvCacheUsage is not null) && _freshness.IsFresh(endpoint, now);
    }
}
