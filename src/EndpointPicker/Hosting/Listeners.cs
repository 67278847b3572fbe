using EndpointPicker.Grpc;
using EndpointPicker.Hosting.CommandLine;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EndpointPicker.Hosting;

/// <summary>The three ports: ext_proc, health, and metrics with what people look at.</summary>
internal static class Listeners
{
    private static readonly object KindKey = new();

    public static void Configure(KestrelServerOptions kestrel, EppOptions options, Action<ListenOptions> secure)
    {
        kestrel.ConfigureGrpcLimits();
        Listen(kestrel, options.GrpcPort, ListenerKind.ExtProc, HttpProtocols.Http2, secure);
        Listen(kestrel, options.HealthPort, ListenerKind.Health, HttpProtocols.Http2);
        Listen(kestrel, options.MetricsPort, ListenerKind.Admin, HttpProtocols.Http1);
    }

    /// <summary>Which listener a request came through.</summary>
    public static ListenerKind KindOf(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(KindKey, out object? kind) == true ? (ListenerKind)kind! : ListenerKind.Admin;

    /// <summary>The ports in the order of <see cref="ListenerKind"/>, as bound.</summary>
    public static int[] BoundPorts(IServer server) =>
        [.. server.Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => BindingAddress.Parse(address).Port)];

    private static void Listen(KestrelServerOptions kestrel, int port, ListenerKind kind, HttpProtocols protocols, Action<ListenOptions>? secure = null)
    {
        object boxed = kind;
        kestrel.ListenAnyIP(port, listen =>
        {
            listen.Protocols = protocols;
            listen.Use(next => connection =>
            {
                connection.Items[KindKey] = boxed;
                return next(connection);
            });
            secure?.Invoke(listen);
        });
    }
}
