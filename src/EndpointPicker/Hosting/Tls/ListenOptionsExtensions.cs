using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace EndpointPicker.Hosting.Tls;

/// <summary>TLS and plaintext HTTP/2 on one port.</summary>
internal static class ListenOptionsExtensions
{
    /// <summary>Makes the port take HTTP/2 over TLS, in plaintext, or both, as the options say.</summary>
    public static void UseTlsOrPlaintext(this ListenOptions listen, TlsOptions options, ServerCertificate certificate, TimeProvider timeProvider)
    {
        listen.Protocols = HttpProtocols.Http2;
        ILogger<FirstByteSwitch> logger = listen.ApplicationServices.GetRequiredService<ILogger<FirstByteSwitch>>();

        // The pipeline is built from the last middleware to the first: when the switch is built, the others are there to be chosen from.
        ConnectionDelegate? http = null;
        listen.Use(next => new FirstByteSwitch(
            options.Secure ? next : null,
            options.Secure && !options.AllowPlaintext ? null : http,
            options.HandshakeTimeout,
            timeProvider,
            logger).OnConnectionAsync);
        if (options.Secure)
        {
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = options.HandshakeTimeout,
                OnConnection = _ => ValueTask.FromResult(Authentication(options, certificate)),
            });
        }

        listen.Use(next =>
        {
            http = next;
            return AssumedHttp2.Before(next);
        });
    }

    private static SslServerAuthenticationOptions Authentication(TlsOptions options, ServerCertificate certificate) => new()
    {
        ServerCertificateContext = certificate.Current,
        EnabledSslProtocols = options.Protocols,
        CipherSuitesPolicy = options.CipherSuites,
        ApplicationProtocols = [SslApplicationProtocol.Http2],
    };
}
