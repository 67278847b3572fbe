namespace EndpointPicker.Configuration.FlowControl;

/// <summary>The flow-control section, checked. It decides nothing while the feature gate <c>flowControl</c> is off.</summary>
public sealed record FlowControlOptions
{
    /// <summary>Whether the feature gate is on.</summary>
    public bool Enabled { get; init; }

    /// <summary>Bytes that may wait in all; <see langword="null"/> for no limit.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Requests that may wait in all; <see langword="null"/> for no limit.</summary>
    public long? MaxRequests { get; init; }

    /// <summary>How long a request may wait while the pool has endpoints; zero for no limit.</summary>
    /// <value>The default is 60 seconds.</value>
    public TimeSpan DefaultRequestTtl { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a request may wait while the pool is empty; zero for no limit.</summary>
    /// <value>The default is <see cref="DefaultRequestTtl"/>.</value>
    public TimeSpan NoEndpointRequestTtl { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The band of priorities from 0 up that objectives bring and <see cref="PriorityBands"/> lacks.</summary>
    public PriorityBandOptions DefaultPriorityBand { get; init; } = new();

    /// <summary>The same for priorities below 0.</summary>
    public PriorityBandOptions DefaultNegativePriorityBand { get; init; } = new();

    /// <summary>The bands that the configuration names.</summary>
    public IReadOnlyList<PriorityBandOptions> PriorityBands { get; init; } = [];

    /// <summary>The name of the plugin that sets the bands' ceilings.</summary>
    /// <value>The default is <c>static-usage-limit-policy</c>.</value>
    public string UsageLimitPolicy { get; init; } = "static-usage-limit-policy";

    /// <summary>The name of the plugin that says how full the pool is.</summary>
    /// <value>The default is <c>utilization-detector</c>.</value>
    public string SaturationDetector { get; init; } = "utilization-detector";

    /// <summary>Whether requests under way may be ended for more important ones.</summary>
    public bool EnableEviction { get; init; }
}
