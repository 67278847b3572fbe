namespace EndpointPicker.Core.Scheduling.Filters;

/// <summary>Options of <see cref="UtilizationDetector"/>.</summary>
public sealed record UtilizationDetectorOptions
{
    /// <summary>The queue length at which an endpoint is saturated.</summary>
    /// <value>Default 5; above 0.</value>
    public int QueueDepthThreshold { get; init; } = 5;

    /// <summary>The fraction of the KV cache in use at which an endpoint is saturated.</summary>
    /// <value>Default 0.8; above 0, at most 1.</value>
    public double KvCacheUtilThreshold { get; init; } = 0.8;

    /// <summary>How old signals may be; older ones count as saturated.</summary>
    /// <value>Default 200 milliseconds; above 0.</value>
    /// <remarks>Tighter than the general staleness threshold of scorers.</remarks>
    public TimeSpan MetricsStalenessThreshold { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>By which share the filter lets endpoints exceed the thresholds.</summary>
    /// <value>Default 0; not negative.</value>
    public double Headroom { get; init; }
}
