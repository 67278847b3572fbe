using System.Net;
using System.Text;
using EndpointPicker.LoadGenerator.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>
/// An HTTP/1.1 gateway that treats an ext_proc server as Envoy 1.40 does: the same messages in the same order, the same patience and the same
/// answers to what it must not do. For where there is no Envoy; it is a witness and a demonstration, not a product.
/// </summary>
public sealed class EnvoyGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ExtProcClient? _processor;
    private readonly UpstreamCluster _cluster;
    private int _active;

    private EnvoyGateway(WebApplication app, GatewayOptions options)
    {
        _app = app;
        _processor = options.Processor is { } processor ? new ExtProcClient(processor) : null;
        Breaker = new CircuitBreaker(options.Breaker);
        _cluster = new UpstreamCluster(options, Breaker);
        app.Run(http => HandleAsync(http, options));
    }

    /// <summary>Raised when a request is over, from any thread.</summary>
    public event Action<GatewayRecord>? Finished;

    public CircuitBreaker Breaker { get; }

    /// <summary>Requests that are not over yet, those with the picker included.</summary>
    public int Active => Volatile.Read(ref _active);

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Starts a gateway on loopback.</summary>
    public static async Task<EnvoyGateway> StartAsync(GatewayOptions options, int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var gateway = new EnvoyGateway(builder.Build(), options);
        await gateway._app.StartAsync();
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        using (var cut = new CancellationTokenSource())
        {
            // Requests under way are cut, as by a proxy that is killed.
            await cut.CancelAsync();
            await _app.StopAsync(cut.Token);
        }

        await _app.DisposeAsync();
        _cluster.Dispose();
        _processor?.Dispose();
    }

    private async Task HandleAsync(HttpContext http, GatewayOptions options)
    {
        Interlocked.Increment(ref _active);
        var exchange = new GatewayExchange(http, options, _processor, _cluster);
        try
        {
            await exchange.RunAsync();
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or HttpRequestException)
        {
            // The client, or the upstream in the middle of its answer, is gone.
            http.Abort();
        }
        finally
        {
            Finished?.Invoke(exchange.Record with { Violations = exchange.Violations });
            await exchange.DisposeAsync();
            Interlocked.Decrement(ref _active);
        }
    }
}
