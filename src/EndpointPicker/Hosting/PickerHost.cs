using System.Net.Sockets;
using EndpointPicker.Board;
using EndpointPicker.Grpc.Health;
using EndpointPicker.Hosting.CommandLine;
using EndpointPicker.Hosting.Lifetime;
using EndpointPicker.Hosting.Metrics;
using EndpointPicker.Hosting.Serving;
using EndpointPicker.Hosting.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace EndpointPicker.Hosting;

/// <summary>The running picker: ports, services, start and drain.</summary>
internal sealed partial class PickerHost : IAsyncDisposable
{
    private readonly EppOptions _options;
    private readonly WebApplication _application;
    private readonly WarmUp _warmUp;
    private readonly ILogger<PickerHost> _logger;

    public PickerHost(DiscoveryPlan plan, PoolConfigurations configurations, ILoggerProvider logs)
    {
        EppOptions options = _options = plan.Options;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(logs).SetMinimumLevel(options.LogLevel);
        builder.Services.AddEndpointPicker(options, configurations);
        if (plan.Api is { } api)
        {
            builder.Services.AddApiServer(api, options);
        }

        if (plan.FollowsCluster)
        {
            builder.Services.AddCluster(options);
        }

        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton<BlockPoolFactory>().AddSingleton<IMemoryPoolFactory<byte>>(services => services.GetRequiredService<BlockPoolFactory>());
        builder.Services.AddHostedService<MemoryTrim>();
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.NoDelay = true;

            // A block held by an idle connection costs less than the extra receive call before each read.
            sockets.WaitForDataBeforeAllocatingBuffer = false;
        });
        builder.WebHost.ConfigureKestrel(kestrel => Listeners.Configure(kestrel, options));
        builder.Services.AddSingleton<DirectApplication>().AddSingleton(CreateServer);
        _application = builder.Build();
        _logger = _application.Services.GetRequiredService<ILogger<PickerHost>>();
        _warmUp = new WarmUp(options, configurations, _application.Services.GetRequiredService<TimeProvider>(), _logger);
    }

    /// <summary>Serves until asked to stop, then drains.</summary>
    /// <param name="stop">Completes when the process is asked to stop.</param>
    /// <returns>Whether it has served; not where a port is taken or the endpoints cannot be read.</returns>
    public async Task<bool> RunAsync(Task stop)
    {
        if (!await _application.Services.GetRequiredService<Discovery>().LoadAsync(CancellationToken.None))
        {
            return false;
        }

        _ = _application.Services.GetRequiredService<ProcessMetrics>();
        _ = _application.Services.GetRequiredService<RuntimeMetrics>();
        try
        {
            await _application.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // A port that is taken or forbidden; the message names it. What has started by then is stopped in order.
            Log.StartFailed(_logger, e.Message);
            await _application.StopAsync();
            return false;
        }

        Readiness readiness = _application.Services.GetRequiredService<Readiness>();
        int[] ports = Listeners.BoundPorts(_application.Services.GetRequiredService<IServer>());
        Log.Listening(
            _logger,
            ports[0],
            ports[1],
            ports[2],
            _options.SecureServing,
            !_options.SecureServing || _options.AllowPlaintext,
            !_options.SecureServing ? "none" : _options.CertPath.Length > 0 ? _options.CertPath : "self-signed",
            string.Join(' ', _application.Services.GetServices<IBoardPage>().Where(page => !page.IsPart).Select(page => page.Path)));
        Log.Board(_logger, $"{(_options.MetricsCertDir.Length > 0 ? "https" : "http")}://127.0.0.1:{ports[2]}{BoardFiles.Home}");
        await _warmUp.RunAsync(_application.Lifetime.ApplicationStopping);
        readiness.Set(ReadinessCondition.Warm, null);
        Log.Serving(
            _logger,
            _options.Pools.Count > 0 ? string.Join(' ', _options.Pools) : $"pools with {_options.Cluster.PoolSelector}",
            readiness.IsReady ? "ready" : $"not ready: {readiness.Reason}");

        await stop;
        readiness.Set(ReadinessCondition.NotDraining, "draining");
        _application.Services.GetService<Leadership>()?.Resign();
        Log.Draining(_logger, _options.DrainTimeout.TotalSeconds);
        await Task.Delay(_options.DrainTimeout, _application.Services.GetRequiredService<TimeProvider>());
        Log.Stopping(_logger);
        await _application.Services.GetRequiredService<DrainSignal>().FireAsync();
        _application.Services.GetRequiredService<HealthState>().Stop();
        await _application.StopAsync();
        Log.Stopped(_logger);
        return true;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static IServer CreateServer(IServiceProvider services) => new DirectServer(
        new KestrelServer(
            services.GetRequiredService<IOptions<KestrelServerOptions>>(),
            services.GetRequiredService<IConnectionListenerFactory>(),
            services.GetRequiredService<ILoggerFactory>()),
        services.GetRequiredService<DirectApplication>());

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Starting failed: {Reason}", EventName = nameof(StartFailed))]
        public static partial void StartFailed(ILogger logger, string reason);

        [LoggerMessage(
            2,
            LogLevel.Information,
            "Listening on all addresses: ext_proc on {Grpc} (TLS {Tls}, plaintext {Plaintext}, certificate {Certificate}), health on {Health}, /metrics /healthz /readyz on {Metrics} (for loopback and who has the right: {Restricted})",
            EventName = nameof(Listening))]
        public static partial void Listening(
            ILogger logger, int grpc, int health, int metrics, bool tls, bool plaintext, string certificate, string restricted);

        [LoggerMessage(3, LogLevel.Information, "Listening and warm, for {Pools}; {Readiness}", EventName = nameof(Serving))]
        public static partial void Serving(ILogger logger, string pools, string readiness);

        [LoggerMessage(4, LogLevel.Information, "Draining: health says NOT_SERVING, new streams are still taken for {Seconds} s", EventName = nameof(Draining))]
        public static partial void Draining(ILogger logger, double seconds);

        [LoggerMessage(5, LogLevel.Information, "Stopping: open streams go on to their end", EventName = nameof(Stopping))]
        public static partial void Stopping(ILogger logger);

        [LoggerMessage(6, LogLevel.Information, "Stopped", EventName = nameof(Stopped))]
        public static partial void Stopped(ILogger logger);

        [LoggerMessage(7, LogLevel.Information, "The live board, for loopback, is at {Address}", EventName = nameof(Board))]
        public static partial void Board(ILogger logger, string address);
    }
}
