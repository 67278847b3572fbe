using System.Net;
using EndpointPicker.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EndpointPicker.Tests.Grpc;

/// <summary>The server under test on a loopback port of its own.</summary>
internal sealed class GrpcTestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CollectingLoggerProvider _logs;

    private GrpcTestServer(WebApplication app, CollectingLoggerProvider logs)
    {
        _app = app;
        _logs = logs;
    }

    public int Port { get; private set; }

    /// <summary>Warnings and errors so far.</summary>
    public IReadOnlyCollection<string> Logged => _logs.Lines;

    public static Task<GrpcTestServer> StartAsync(params GrpcMethod[] methods) => StartAsync(new GrpcServerOptions(), methods);

    public static Task<GrpcTestServer> StartAsync(GrpcServerOptions options, params GrpcMethod[] methods) =>
        StartAsync(new GrpcTestSetup { Methods = methods, Options = options });

    public static async Task<GrpcTestServer> StartAsync(GrpcTestSetup setup)
    {
        CollectingLoggerProvider logs = new();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(logs);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureGrpcLimits();
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                setup.Listen?.Invoke(listen);
            });
        });
        WebApplication app = builder.Build();
        GrpcServer server = new(setup.Methods, setup.Options, setup.Clock, app.Services.GetRequiredService<ILogger<GrpcServer>>(), setup.Metrics);
        app.Run(server.InvokeAsync);
        await app.StartAsync();
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new GrpcTestServer(app, logs) { Port = new Uri(address).Port };
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
