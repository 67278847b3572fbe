using EndpointPicker.Configuration.Loading;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.DataLayer;

namespace EndpointPicker.Hosting.Serving;

/// <summary>A pool with all that is its own: endpoints, plugins, director, scraping, gauges.</summary>
/// <param name="directed">The pool and who decides for it.</param>
/// <param name="configuration">What its plugins and its scraping were made from.</param>
/// <param name="scraper">Scrapes its endpoints; <see langword="null"/> where the configuration has no source of metrics.</param>
/// <param name="meters">What its gauges and its plugins' instruments were made from.</param>
internal sealed class ServedPool(DirectedPool directed, EndpointPickerConfiguration configuration, MetricsScraper? scraper, IReadOnlyList<PoolMeters> meters) : IDisposable
{
    public string Name => Directed.Name;

    public DirectedPool Directed { get; } = directed;

    /// <summary>The endpoints; discovery writes them.</summary>
    public EndpointPool Endpoints => Directed.Endpoints;

    /// <summary>Objectives and rewrites; discovery writes them.</summary>
    public RequestRules Rules => Directed.Policy.Rules;

    public EndpointPickerConfiguration Configuration { get; } = configuration;

    public Task StartAsync(CancellationToken cancellationToken) => scraper?.StartAsync(cancellationToken) ?? Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => scraper?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public void Dispose()
    {
        scraper?.Dispose();
        foreach (PoolMeters made in meters)
        {
            made.Dispose();
        }
    }
}
