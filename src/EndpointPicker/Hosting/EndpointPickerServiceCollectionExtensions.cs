using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using EndpointPicker.Cluster;
using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.DataLayer;
using EndpointPicker.Configuration.Loading;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.DataLayer;
using EndpointPicker.ExtProc;
using EndpointPicker.Grpc;
using EndpointPicker.Grpc.Health;
using EndpointPicker.Grpc.Reflection;
using EndpointPicker.Hosting.Admin;
using EndpointPicker.Hosting.CommandLine;
using EndpointPicker.Hosting.Lifetime;
using EndpointPicker.Hosting.Metrics;
using EndpointPicker.Hosting.Tls;
using EndpointPicker.Hosting.Tracing;

namespace EndpointPicker.Hosting;

/// <summary>All that the process is made of, an area at a time.</summary>
internal static partial class EndpointPickerServiceCollectionExtensions
{
    private const string ExtProcService = "envoy.service.ext_proc.v3.ExternalProcessor";

    // More would drive the pick's own arrays from the cache: each has 72 bytes a candidate and four scorers.
    private const int ExplainedDecisions = 256;

    // 0.3 microseconds over 10 candidates, 0.9 over 100 and 6 over 1000: below a hundredth of a core at any rate.
    private const int ExplainedPerSecond = 1000;

    public static IServiceCollection AddEndpointPicker(this IServiceCollection services, EppOptions options, EndpointPickerConfiguration configuration)
    {
        services.AddSingleton(options).AddSingleton(configuration).AddSingleton(TimeProvider.System).AddMetrics();
        services.AddSingleton(new EndpointPool(options.PoolName));

        // Host and drain: the web server waits for open streams as long as the options say.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainLimit > TimeSpan.Zero ? options.DrainLimit : Timeout.InfiniteTimeSpan);
        services.AddSingleton<DrainSignal>().AddSingleton<Readiness>();
        return services.AddTracing(options.Tracing).AddDecision().AddSignals(options, configuration).AddExtProc(options).AddAdmin(options);
    }

    private static IServiceCollection AddTracing(this IServiceCollection services, TracingOptions tracing)
    {
        if (tracing.IsOn)
        {
            services.AddSingleton(tracing);
            services.AddSingleton(_ => new RequestTracing(
                new TraceSampling(tracing.Ratio, (ulong)Seeded().NextInt64()), BuildVersion.Version, BuildVersion.Commit));
            services.AddHostedService<TraceExport>();
        }

        return services;
    }

    private static IServiceCollection AddDecision(this IServiceCollection services)
    {
        services.AddSingleton(new DecisionLog(ExplainedDecisions, TimeProvider.System, ExplainedPerSecond) { Enabled = true });
        services.AddSingleton<RequestMetrics>().AddSingleton<SchedulingMetrics>();
        services.AddSingleton(provider => new FreshnessPolicy(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<EppOptions>().StalenessThreshold));
        services.AddSingleton(CreatePlugins).AddSingleton(CreatePolicy);
        services.AddSingleton(provider => new RequestDirector(
            provider.GetRequiredService<EndpointPool>(),
            provider.GetRequiredService<DecisionPolicy>(),
            new RequestTelemetry(
                provider.GetRequiredService<RequestMetrics>(),
                provider.GetRequiredService<DecisionLog>(),
                provider.GetRequiredService<ILogger<RequestDirector>>())
            {
                Tracing = provider.GetService<RequestTracing>(),
            },
            provider.GetRequiredService<TimeProvider>(),
            Seeded()));
        return services;
    }

    private static CreatedPlugins CreatePlugins(IServiceProvider provider) =>
        provider.GetRequiredService<EndpointPickerConfiguration>().CreatePlugins(new PluginServices
        {
            Pool = provider.GetRequiredService<EndpointPool>(),
            Time = provider.GetRequiredService<TimeProvider>(),
            Meters = provider.GetRequiredService<IMeterFactory>(),
            Loggers = provider.GetRequiredService<ILoggerFactory>(),
            Freshness = provider.GetRequiredService<FreshnessPolicy>(),
        });

    private static DecisionPolicy CreatePolicy(IServiceProvider provider)
    {
        EppOptions options = provider.GetRequiredService<EppOptions>();
        EndpointPickerConfiguration configuration = provider.GetRequiredService<EndpointPickerConfiguration>();
        CreatedPlugins plugins = provider.GetRequiredService<CreatedPlugins>();
        return new DecisionPolicy
        {
            Scheduler = new Scheduler(plugins.Handler, plugins.Profiles, plugins.Producers, provider.GetRequiredService<SchedulingMetrics>()),
            SaturationDetector = plugins.SaturationDetector,
            Parsers = configuration.Parsers,
            Reading = new RequestReadingOptions
            {
                MaxDepth = options.MaxJsonDepth,
                TokenEstimate = configuration.TokenEstimate,
                CheckUtf8 = !options.ReferenceCompatibility,
            },
            Freshness = provider.GetRequiredService<FreshnessPolicy>(),
            IgnoresSubset = options.IgnoreSubsetHint,
            ReferenceCompatible = options.ReferenceCompatibility,
        };
    }

    private static IServiceCollection AddSignals(this IServiceCollection services, EppOptions options, EndpointPickerConfiguration configuration)
    {
        DataLayerOptions layer = configuration.DataLayer;
        services.AddSingleton<IHostResolver, DnsHostResolver>().AddSingleton<EndpointPublisher>();
        services.AddSingleton(provider => new Discovery(
            options.Endpoints.Count > 0 ? ActivatorUtilities.CreateInstance<StaticDiscovery>(provider, Entries(options)) : null,
            layer.FileDiscovery is { } file ? ActivatorUtilities.CreateInstance<FileDiscovery>(provider, new EndpointFile(file.Path), file.WatchFile) : null,
            provider.GetRequiredService<Readiness>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Discovery>>()));
        services.AddHostedService(provider => provider.GetRequiredService<Discovery>());

        services.AddSingleton<DataLayerMetrics>();
        services.AddSingleton(provider => new PoolMetrics(
            provider.GetRequiredService<IMeterFactory>(),
            provider.GetRequiredService<EndpointPool>(),
            provider.GetRequiredService<TimeProvider>(),
            options.StalenessThreshold));
        if (layer.MetricsSource is { } source)
        {
            services.AddSingleton(new ScraperOptions { Source = source, Engines = layer.EngineMetrics, Interval = options.ScrapeInterval });
            services.AddSingleton(provider => new ScrapeContext(
                provider.GetRequiredService<TimeProvider>(),
                Seeded(),
                provider.GetRequiredService<DataLayerMetrics>(),
                provider.GetRequiredService<ILogger<MetricsScraper>>()));
            services.AddSingleton<ScrapeTargetFactory>().AddHostedService<MetricsScraper>();
        }

        return services;
    }

    private static IServiceCollection AddExtProc(this IServiceCollection services, EppOptions options)
    {
        services.AddSingleton(options.ToExtProcOptions());
        services.AddSingleton(new GrpcServerOptions { MaxReceiveMessageBytes = options.MaxReceiveMessageSize });
        services.AddSingleton(options.ToTlsOptions());
        services.AddSingleton(provider => options.CertPath.Length > 0
            ? CertificateFileException.Guard("cert-path", options.CertPath, ServerCertificate.Load)
            : ServerCertificate.SelfSigned(provider.GetRequiredService<TimeProvider>()));
        if (options is { CertReload: true, CertPath.Length: > 0 })
        {
            services.AddSingleton(provider => new CertificateReloader(
                options.CertPath,
                () => provider.GetRequiredService<ServerCertificate>().Reload(options.CertPath),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<CertificateReloader>>()));
        }

        services.AddSingleton(new HealthState(new HealthNames(options.LeaderElection)));
        services.AddSingleton<IRequestControl, DirectedRequestControl>();
        services.AddSingleton(provider => new ExternalProcessorMethod(
            provider.GetRequiredService<IRequestControl>(),
            provider.GetRequiredService<ExtProcOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ExternalProcessorMethod>>(),
            provider.GetRequiredService<DrainSignal>().Token));
        if (options.StreamMetrics)
        {
            services.AddSingleton<StreamMetrics>();
        }

        services.AddSingleton(provider => new Ports(
            Serve(provider, [ExtProcService, HealthService.Name], provider.GetRequiredService<ExternalProcessorMethod>()),
            Serve(provider, [HealthService.Name]),
            provider.GetRequiredService<AdminHandler>()));
        return services;
    }

    // Health and reflection are at both ports.
    private static GrpcServer Serve(IServiceProvider provider, IReadOnlyList<string> reflected, params ReadOnlySpan<GrpcMethod> methods) => new(
        [
            .. methods,
            .. HealthService.Methods(provider.GetRequiredService<HealthState>()),
            .. ReflectionService.Methods(DescriptorSet.Load(), reflected),
        ],
        provider.GetRequiredService<GrpcServerOptions>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<GrpcServer>>(),
        provider.GetService<StreamMetrics>());

    private static List<EndpointEntry> Entries(EppOptions options)
    {
        List<EndpointEntry> entries = [];
        foreach (string endpoint in options.Endpoints)
        {
            if (StaticDiscovery.TryParse(endpoint, out EndpointEntry? entry))
            {
                entries.Add(entry!);
            }
        }

        return entries;
    }

    private static Random Seeded() => new(RandomNumberGenerator.GetInt32(int.MaxValue));
}
