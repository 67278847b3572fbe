using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Scheduling.Filters;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class UtilizationDetectorType : EnginePluginType
{
    private static readonly IntegerField QueueDepth = new("queueDepthThreshold", 5, "The queue length at which an endpoint is saturated.") { Min = 1 };

    private static readonly NumberField KvCache = new("kvCacheUtilThreshold", 0.8, "The fraction of KV cache in use at which an endpoint is saturated.")
    {
        Min = 0,
        AboveMin = true,
        Max = 1,
    };

    private static readonly DurationField Staleness = new(
        "metricsStalenessThreshold", TimeSpan.FromMilliseconds(200), "How old signals may be; older ones count as saturated.")
    { Positive = true };

    private static readonly NumberField Headroom = new("headroom", 0, "By which share the filter lets endpoints exceed the thresholds.") { Min = 0 };

    public override string Name => "utilization-detector";

    public override string Summary =>
        "Says how saturated the pool is, by queues and KV cache; as a filter it keeps endpoints below the thresholds, and all where none is. Always there.";

    public override PluginRoles Roles => PluginRoles.SaturationDetector | PluginRoles.Filter;

    public override Schema Parameters { get; } = new(QueueDepth, KvCache, Staleness, Headroom);

    public override object Create(PluginCreation creation) => new UtilizationDetector(
        creation.Services.Time,
        new UtilizationDetectorOptions
        {
            QueueDepthThreshold = creation.Values.Get(QueueDepth),
            KvCacheUtilThreshold = creation.Values.Get(KvCache),
            MetricsStalenessThreshold = creation.Values.Get(Staleness)!.Value,
            Headroom = creation.Values.Get(Headroom),
        });
}
