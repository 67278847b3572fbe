using System.Security.Cryptography;
using EndpointPicker.Cluster;
using EndpointPicker.Core.RequestControl;
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
using EndpointPicker.Hosting.Serving;
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

    public static IServiceCollection AddEndpointPicker(this IServiceCollection services, EppOptions options, PoolConfigurations configurations)
    {
        services.AddSingleton(options).AddSingleton(configurations).AddSingleton(TimeProvider.System).AddMetrics();

        // Host and drain: the web server waits for open streams as long as the options say.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainLimit > TimeSpan.Zero ? options.DrainLimit : Timeout.InfiniteTimeSpan);
        services.AddSingleton<DrainSignal>().AddSingleton<Readiness>();
        return services.AddTracing(options.Tracing).AddDecision().AddPools(options).AddExtProc(options).AddAdmin(options);
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
        services.AddSingleton<RequestMetrics>().AddSingleton<SchedulingMetrics>().AddSingleton<DataLayerMetrics>();
        services.AddSingleton(provider => new FreshnessPolicy(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<EppOptions>().StalenessThreshold));
        return services;
    }

    private static IServiceCollection AddPools(this IServiceCollection services, EppOptions options)
    {
        services.AddSingleton(new PoolDirectory(options.PoolRoutes)).AddSingleton<ServedPoolFactory>().AddSingleton<ServedPools>();
        services.AddHostedService(provider => provider.GetRequiredService<ServedPools>());
        services.AddSingleton<IHostResolver, DnsHostResolver>();
        services.AddSingleton(CreateDiscovery).AddHostedService(provider => provider.GetRequiredService<Discovery>());
        return services;
    }

    private static Discovery CreateDiscovery(IServiceProvider provider)
    {
        EppOptions options = provider.GetRequiredService<EppOptions>();
        List<IEndpointSource> sources = [];
        foreach (ServedPool pool in provider.GetRequiredService<ServedPools>().All)
        {
            EndpointPublisher publisher = ActivatorUtilities.CreateInstance<EndpointPublisher>(provider, pool.Endpoints);
            if (options.Endpoints.Count > 0)
            {
                sources.Add(ActivatorUtilities.CreateInstance<StaticDiscovery>(provider, Entries(options), publisher));
            }
            else if (pool.Configuration.DataLayer.FileDiscovery is { } file)
            {
                sources.Add(ActivatorUtilities.CreateInstance<FileDiscovery>(provider, new EndpointFile(file.Path), file.WatchFile, publisher));
            }
        }

        return new Discovery(
            sources,
            provider.GetRequiredService<Readiness>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Discovery>>());
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
                "certificate of the ext_proc port",
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
