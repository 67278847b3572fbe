using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace EndpointPicker.Hosting.Tls;

/// <summary>TLS of the metrics port, with client certificates where an authority for them is given; both follow their files.</summary>
internal sealed class MetricsPortTls : IDisposable
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    private readonly ServerCertificate _certificate;
    private readonly ClientAuthority? _clients;
    private readonly List<CertificateReloader> _reloaders = [];

    /// <summary>Reads the files, and follows them from now on.</summary>
    /// <param name="directory">The folder with tls.crt and tls.key.</param>
    /// <param name="clientAuthorities">The PEM file of authorities for client certificates; empty where clients need none.</param>
    /// <param name="time">The clock of the reload.</param>
    /// <param name="logger">Where reloads are told.</param>
    /// <exception cref="CertificateFileException">Files are missing or wrong.</exception>
    public MetricsPortTls(string directory, string clientAuthorities, TimeProvider time, ILogger<CertificateReloader> logger)
    {
        _certificate = CertificateFileException.Guard("metrics-cert-dir", directory, ServerCertificate.Load);
        _clients = clientAuthorities.Length > 0 ? CertificateFileException.Guard("metrics-client-ca-file", clientAuthorities, ClientAuthority.Load) : null;
        _reloaders.Add(new CertificateReloader(directory, "certificate of the metrics port", () => _certificate.Reload(directory), time, logger));
        if (_clients is not null)
        {
            _reloaders.Add(new CertificateReloader(Path.GetDirectoryName(Path.GetFullPath(clientAuthorities))!, "client authorities of the metrics port", _clients.Reload, time, logger));
        }
    }

    /// <summary>Makes the port take TLS alone.</summary>
    public void Use(ListenOptions listen) => listen.UseHttps(new TlsHandshakeCallbackOptions
    {
        HandshakeTimeout = HandshakeTimeout,
        OnConnection = _ => ValueTask.FromResult(Authentication()),
    });

    public void Dispose() => _reloaders.ForEach(reloader => reloader.Dispose());

    private SslServerAuthenticationOptions Authentication() => new()
    {
        ServerCertificateContext = _certificate.Current,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http11],
        ClientCertificateRequired = _clients is not null,
        CertificateChainPolicy = _clients?.ToPolicy(),
    };
}
