using EndpointPicker.Configuration.DataLayer;

namespace EndpointPicker.DataLayer;

/// <summary>What is scraped, and how often.</summary>
internal sealed record ScraperOptions
{
    /// <summary>The shortest interval; the reference has the same floor.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Where the metrics pages are.</summary>
    public MetricsSourceOptions Source { get; init; } = new();

    /// <summary>What is on them.</summary>
    public EngineMetricsOptions Engines { get; init; } = new();

    /// <summary>How often each endpoint is scraped where <see cref="Source"/> does not say; less than <see cref="MinInterval"/> is taken as that.</summary>
    /// <value>The default is 50 ms.</value>
    public TimeSpan Interval { get; init; } = MinInterval;

    /// <summary>How long one fetch may take, connecting included.</summary>
    /// <value>The default is 1 s.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an endpoint that fails again and again is left alone at most.</summary>
    /// <value>The default is 1 s, half of the age at which signals count as stale.</value>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>When <c>/v1/models</c> is polled.</summary>
    public ModelsPolling Models { get; init; } = ModelsPolling.Auto;

    /// <summary>How often <c>/v1/models</c> is polled.</summary>
    /// <value>The default is 5 s.</value>
    public TimeSpan ModelsInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The interval at which metrics are scraped.</summary>
    public TimeSpan EffectiveInterval => (Source.Interval ?? Interval) is var interval && interval > MinInterval ? interval : MinInterval;
}
