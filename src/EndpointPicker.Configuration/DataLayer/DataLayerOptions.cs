namespace EndpointPicker.Configuration.DataLayer;

/// <summary>Where endpoints come from and how their signals are read.</summary>
public sealed record DataLayerOptions
{
    /// <summary>How endpoints are scraped; <see langword="null"/> where the configuration wants no scraping.</summary>
    public MetricsSourceOptions? MetricsSource { get; init; } = new();

    /// <summary>How a metrics page is read.</summary>
    public EngineMetricsOptions EngineMetrics { get; init; } = new();

    /// <summary>The file that lists the endpoints; <see langword="null"/> for Kubernetes or a list of the command line.</summary>
    public FileDiscoveryOptions? FileDiscovery { get; init; }
}
