using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Loading;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.DataLayer;
using EndpointPicker.Hosting.CommandLine;

namespace EndpointPicker.Hosting.Serving;

/// <summary>Makes all that a pool needs to be served. What pools share, such as counters and the log of decisions, comes from the process.</summary>
internal sealed class ServedPoolFactory(IServiceProvider process, EppOptions options, PoolConfigurations configurations, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>Makes a pool without endpoints.</summary>
    /// <param name="name">Its name.</param>
    public ServedPool Create(string name)
    {
        EndpointPickerConfiguration configuration = configurations.For(name);
        EndpointPool endpoints = new(name);
        IMeterFactory all = process.GetRequiredService<IMeterFactory>();
        PoolMeters gauges = new(all, pool: null);
        PoolMeters meters = new(all, options.ServesSeveralPools ? name : null);
        CreatedPlugins plugins = configuration.CreatePlugins(new PluginServices
        {
            Pool = endpoints,
            Time = time,
            Meters = meters,
            Loggers = loggers,
            Freshness = process.GetRequiredService<FreshnessPolicy>(),
        });
        DecisionPolicy policy = CreatePolicy(configuration, plugins);
        ILogger<RequestDirector> logger = loggers.CreateLogger<RequestDirector>();
        RequestTelemetry telemetry = new(process.GetRequiredService<RequestMetrics>(), process.GetRequiredService<DecisionLog>(), logger)
        {
            Pool = new PoolRequestMetrics(gauges, name),
            Tracing = process.GetService<RequestTracing>(),
        };
        DirectedPool directed = new(endpoints)
        {
            Policy = policy,
            Director = new RequestDirector(endpoints, policy, telemetry, time, Seeded()),
            Rehearsal = new Rehearsal(endpoints, policy, logger, time, Seeded()),
            Profiles = plugins.Profiles,
        };
        _ = new PoolMetrics(gauges, endpoints, time, options.StalenessThreshold);
        return new ServedPool(directed, configuration, CreateScraper(endpoints, configuration), [gauges, meters]);
    }

    private DecisionPolicy CreatePolicy(EndpointPickerConfiguration configuration, CreatedPlugins plugins) => new()
    {
        Scheduler = new Scheduler(plugins.Handler, plugins.Profiles, plugins.Producers, process.GetRequiredService<SchedulingMetrics>()),
        SaturationDetector = plugins.SaturationDetector,
        Parsers = configuration.Parsers,
        Rules = new RequestRules(loggers.CreateLogger<RequestRules>()),
        Reading = new RequestReadingOptions
        {
            MaxDepth = options.MaxJsonDepth,
            TokenEstimate = configuration.TokenEstimate,
            CheckUtf8 = !options.ReferenceCompatibility,
        },
        Freshness = process.GetRequiredService<FreshnessPolicy>(),
        IgnoresSubset = options.IgnoreSubsetHint,
        ReferenceCompatible = options.ReferenceCompatibility,
    };

    private MetricsScraper? CreateScraper(EndpointPool endpoints, EndpointPickerConfiguration configuration)
    {
        if (configuration.DataLayer.MetricsSource is not { } source)
        {
            return null;
        }

        ILogger<MetricsScraper> logger = loggers.CreateLogger<MetricsScraper>();
        ScraperOptions scraping = new() { Source = options.MetricsSource.Over(source), Engines = configuration.DataLayer.EngineMetrics, Interval = options.ScrapeInterval };
        ScrapeContext context = new(time, Seeded(), process.GetRequiredService<DataLayerMetrics>(), logger);
        return new MetricsScraper(endpoints, new ScrapeTargetFactory(scraping, context), time, logger);
    }

    private static Random Seeded() => new(RandomNumberGenerator.GetInt32(int.MaxValue));
}
