using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EndpointPicker.Configuration.DataLayer;

namespace EndpointPicker.DataLayer;

/// <summary>Makes the connections of one source: scheme, certificates and the request are the same for all of its servers.</summary>
internal sealed class ConnectionFactory
{
    // A whole page of the usual size is read in one go.
    private readonly byte[] _buffer = new byte[128 * 1024];
    private readonly bool _tls;
    private readonly bool _insecure;
    private readonly X509Certificate2Collection? _authorities;
    private readonly X509CertificateCollection? _client;

    /// <param name="options">Scheme and certificates.</param>
    /// <exception cref="ArgumentException">The scheme is neither http nor https.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A certificate file cannot be read.</exception>
    public ConnectionFactory(MetricsSourceOptions options)
    {
        _tls = options.Scheme switch
        {
            "http" => false,
            "https" => true,
            _ => throw new ArgumentException($"The scheme is '{options.Scheme}', not http or https.", nameof(options)),
        };
        _insecure = options.InsecureSkipVerify;
        if (_tls && options.CaCertPath.Length > 0)
        {
            _authorities = [];
            _authorities.ImportFromPemFile(options.CaCertPath);
        }

        if (_tls && options.ClientCertPath.Length > 0)
        {
            _client = [X509Certificate2.CreateFromPemFile(options.ClientCertPath, options.ClientKeyPath)];
        }
    }

    /// <summary>Makes a connection; it connects when the first fetch begins.</summary>
    /// <param name="address">The server.</param>
    /// <param name="path">What is fetched, with a query where there is one.</param>
    /// <param name="accept">The media type that is asked for.</param>
    public Connection Create(IPEndPoint address, string path, string accept)
    {
        byte[] request = Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: epp\r\nAccept: {accept}\r\n\r\n");
        return _tls ? new TlsConnection(address, request, Authentication(address)) : new PlainConnection(address, request, _buffer);
    }

    private SslClientAuthenticationOptions Authentication(IPEndPoint address)
    {
        SslClientAuthenticationOptions options = new() { TargetHost = address.Address.ToString(), ClientCertificates = _client };
        if (_insecure)
        {
#pragma warning disable CA5359 // The option asks for it: model servers inside a cluster rarely have certificates that anybody signed.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (_authorities is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(_authorities);
        }

        return options;
    }
}
