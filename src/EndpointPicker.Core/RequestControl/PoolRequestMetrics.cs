using System.Diagnostics.Metrics;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// What becomes of the requests of one pool. They are counted in fields that are read when metrics are collected: a request allocates nothing,
/// and a pool that goes takes its series with it.
/// </summary>
public sealed class PoolRequestMetrics
{
    // What names no pool that is served counts for none.
    private static readonly PickReason[] Reasons = [.. Enum.GetValues<PickReason>().Where(reason => reason != PickReason.UnknownPool)];

    private readonly long[] _decisions = new long[Enum.GetValues<PickReason>().Length];
    private readonly KeyValuePair<string, object?> _name;
    private long _serverErrors;

    /// <summary>Creates the instruments.</summary>
    /// <param name="meters">Where the pool's meters come from.</param>
    /// <param name="pool">The pool's name.</param>
    public PoolRequestMetrics(IMeterFactory meters, string pool)
    {
        _name = new("name", pool);
        Meter meter = meters.Create("EndpointPicker");
        meter.CreateObservableCounter("llm_d_epp_pool_decisions_total", Decisions, "", "Decisions of each pool by how they came about.");
        meter.CreateObservableCounter(
            "llm_d_epp_pool_server_errors_total",
            () => new Measurement<long>(Volatile.Read(ref _serverErrors), _name),
            "",
            "Answers of status 5xx to requests that got an endpoint of the pool, from model servers or from the proxy in their place.");
    }

    internal void Decided(PickReason reason) => Interlocked.Increment(ref _decisions[(int)reason]);

    internal void ServerFailed() => Interlocked.Increment(ref _serverErrors);

    private IEnumerable<Measurement<long>> Decisions() => Reasons.Select(reason =>
        new Measurement<long>(Volatile.Read(ref _decisions[(int)reason]), _name, new KeyValuePair<string, object?>("reason", reason.ToString())));
}
