using System.Diagnostics.Metrics;
using EndpointPicker.Core.Endpoints;
using Endpoint = EndpointPicker.Core.Endpoints.Endpoint;

namespace EndpointPicker.DataLayer;

/// <summary>
/// The pool's gauges, computed when they are collected. Averages and deviations are over endpoints with fresh signals; while there are
/// none, they keep their last values.
/// </summary>
internal sealed class PoolMetrics
{
    private readonly EndpointPool _pool;
    private readonly TimeProvider _time;
    private readonly TimeSpan _staleAfter;
    private readonly KeyValuePair<string, object?>[] _name;

    /// <param name="meters">Where the instruments are made.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="time">The clock that <see cref="Endpoint.ScrapedAt"/> counts by.</param>
    /// <param name="staleAfter">The age from which on signals are stale.</param>
    public PoolMetrics(IMeterFactory meters, EndpointPool pool, TimeProvider time, TimeSpan staleAfter)
    {
        _pool = pool;
        _time = time;
        _staleAfter = staleAfter;
        _name = [new("name", pool.Name)];
        Meter meter = meters.Create("EndpointPicker");
        meter.CreateObservableGauge(
            "llm_d_epp_ready_endpoints", () => new Measurement<long>(CountFresh(), _name), "", "Endpoints of the pool with fresh signals.");
        meter.CreateObservableGauge(
            "llm_d_epp_pool_endpoints", () => new Measurement<long>(_pool.Current.Endpoints.Length, _name), "", "Endpoints of the pool, whatever is known of them.");
        Describe(meter, "queue_size", "requests waiting", static signals => signals.WaitingRequests);
        Describe(meter, "running_requests", "requests running", static signals => signals.RunningRequests);
        Describe(meter, "kv_cache_utilization", "KV-cache use", static signals => signals.KvCacheUsage);
        meter.CreateObservableGauge(
            "llm_d_epp_per_endpoint_queue_size", QueueSizes, "", "Requests waiting on each endpoint, as its last scrape told.");
    }

    private void Describe(Meter meter, string signal, string meaning, Func<EndpointSignals, double?> read)
    {
        LastValue average = new();
        LastValue deviation = new();
        meter.CreateObservableGauge(
            $"llm_d_epp_average_{signal}", () => average.Observe(Mean(read)?.Mean, _name), "", $"The mean of {meaning} over the pool's endpoints.");
        meter.CreateObservableGauge(
            $"llm_d_epp_std_dev_{signal}", () => deviation.Observe(Mean(read)?.Deviation, _name), "", $"The sample standard deviation of {meaning} over the pool's endpoints.");
    }

    private bool IsFresh(Endpoint endpoint)
    {
        long scrapedAt = endpoint.ScrapedAt;
        return scrapedAt != long.MinValue && _time.GetElapsedTime(scrapedAt) <= _staleAfter;
    }

    private long CountFresh()
    {
        long count = 0;
        foreach (Endpoint endpoint in _pool.Current.Endpoints)
        {
            count += IsFresh(endpoint) ? 1 : 0;
        }

        return count;
    }

    private (double Mean, double Deviation)? Mean(Func<EndpointSignals, double?> read)
    {
        List<double> values = [];
        foreach (Endpoint endpoint in _pool.Current.Endpoints)
        {
            if (IsFresh(endpoint) && read(endpoint.Signals) is { } value)
            {
                values.Add(value);
            }
        }

        if (values.Count == 0)
        {
            return null;
        }

        double mean = values.Average();
        double squares = values.Sum(v => (v - mean) * (v - mean));
        double deviation = Math.Sqrt(squares / Math.Max(1, values.Count - 1));
        return (Math.Round(mean, 2), Math.Round(deviation, 2));
    }

    private List<Measurement<long>> QueueSizes()
    {
        List<Measurement<long>> sizes = [];
        foreach (Endpoint endpoint in _pool.Current.Endpoints)
        {
            if (endpoint.Signals.WaitingRequests is { } waiting)
            {
                sizes.Add(new Measurement<long>(waiting, _name[0], new KeyValuePair<string, object?>("model_server_endpoint", endpoint.Name)));
            }
        }

        return sizes;
    }

    private sealed class LastValue
    {
        private double? _last;

        public IEnumerable<Measurement<double>> Observe(double? value, KeyValuePair<string, object?>[] tags)
        {
            _last = value ?? _last;
            return _last is { } known ? [new Measurement<double>(known, tags)] : [];
        }
    }
}
