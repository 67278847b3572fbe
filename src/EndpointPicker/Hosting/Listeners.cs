using EndpointPicker.Grpc;
using EndpointPicker.Hosting.CommandLine;
using EndpointPicker.Hosting.Tls;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EndpointPicker.Hosting;

/// <summary>The three ports: ext_proc, health, and metrics with what people look at.</summary>
internal static class Listeners
{
    public static void Configure(KestrelServerOptions kestrel, EppOptions options)
    {
        kestrel.ConfigureGrpcLimits();
        IServiceProvider services = kestrel.ApplicationServices;
        TlsOptions tls = services.GetRequiredService<TlsOptions>();
        ServerCertificate certificate = services.GetRequiredService<ServerCertificate>();
        _ = services.GetService<CertificateReloader>();
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        Listen(kestrel, options.GrpcPort, ListenerRole.ExtProc, HttpProtocols.Http2, listen => listen.UseTlsOrPlaintext(tls, certificate, time));
        Listen(kestrel, options.HealthPort, ListenerRole.Health, HttpProtocols.Http2);
        MetricsPortTls? metricsTls = services.GetService<MetricsPortTls>();
        Listen(kestrel, options.MetricsPort, ListenerRole.Admin, HttpProtocols.Http1, listen => metricsTls?.Use(listen));
    }

    /// <summary>The ports as bound: ext_proc, health, metrics.</summary>
    public static int[] BoundPorts(IServer server) =>
        [.. server.Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => BindingAddress.Parse(address).Port)];

    private static void Listen(KestrelServerOptions kestrel, int port, ListenerRole role, HttpProtocols protocols, Action<ListenOptions>? secure = null)
    {
        kestrel.ListenAnyIP(port, listen =>
        {
            listen.Protocols = protocols;
            listen.Use(next => connection =>
            {
                connection.Features.Set(role);
                return next(connection);
            });
            secure?.Invoke(listen);
        });
    }
}
