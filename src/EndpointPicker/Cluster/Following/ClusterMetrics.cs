using System.Diagnostics.Metrics;
using EndpointPicker.Cluster.Api;

namespace EndpointPicker.Cluster.Following;

/// <summary>Counts what the API server tells, and says whether it is heard.</summary>
internal sealed class ClusterMetrics
{
    private const string Kind = "kind";

    private readonly Counter<long> _lists;
    private readonly Counter<long> _events;

    /// <param name="meters">Where the instruments are made.</param>
    /// <param name="watches">The watches at any time.</param>
    public ClusterMetrics(IMeterFactory meters, Func<IReadOnlyList<FollowedWatch>> watches)
    {
        Meter meter = meters.Create("EndpointPicker");
        meter.CreateObservableGauge(
            "llm_d_epp_cluster_watch_connected",
            () => Connected(watches()),
            "",
            "Whether the objects of a kind are followed now: 1, or 0 while the API server cannot be reached or refuses. Kinds that it does not serve have no series.");
        _lists = meter.CreateCounter<long>("llm_d_epp_cluster_lists_total", "", "Complete lists of a kind's objects from the API server.");
        _events = meter.CreateCounter<long>("llm_d_epp_cluster_events_total", "", "Changes of single objects that the API server told of.");
    }

    /// <summary>Counts a complete list.</summary>
    public void Listed(ResourceKind kind) => _lists.Add(1, new KeyValuePair<string, object?>(Kind, kind.ToString()));

    /// <summary>Counts the change of one object.</summary>
    public void Changed(ResourceKind kind) => _events.Add(1, new KeyValuePair<string, object?>(Kind, kind.ToString()));

    private static IEnumerable<Measurement<long>> Connected(IReadOnlyList<FollowedWatch> watches) =>
        from watch in watches
        where watch.State.Phase != WatchPhase.Absent
        group watch.State.Phase == WatchPhase.Synced by watch.Query.Kind.ToString() into kind
        select new Measurement<long>(kind.All(connected => connected) ? 1 : 0, new KeyValuePair<string, object?>(Kind, kind.Key));
}
