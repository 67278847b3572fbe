using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EndpointPicker.Cluster.Api;

/// <summary>
/// Makes connections to the API server. Authority and client certificate are read for each connection, so that replaced files count from the next one on.
/// </summary>
internal sealed class ApiConnector(ClusterAccess access)
{
    private static readonly List<SslApplicationProtocol> Protocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    // The client certificate of the newest connection, PEM.
    private volatile byte[]? _identity;

    /// <summary>Connects.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? encrypted = null;
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            NetworkStream plain = new(socket, ownsSocket: true);
            if (access.Server.Scheme != Uri.UriSchemeHttps)
            {
                return plain;
            }

            encrypted = new SslStream(plain);
            await encrypted.AuthenticateAsClientAsync(Options(context.DnsEndPoint.Host), cancellationToken);
            return encrypted;
        }
        catch (Exception failed)
        {
            socket.Dispose();
            if (encrypted is not null)
            {
                await encrypted.DisposeAsync();
            }

            if (failed is AuthenticationException or CryptographicException)
            {
                string advice = $"check the certificate authority, tls-server-name and client certificate of {access.Source}";
                throw new AuthenticationException($"{failed.Message} (TLS with {access.Server.Authority}; {advice})", failed);
            }

            throw;
        }
    }

    /// <summary>Whether the file of the client certificate holds another one than the newest connection uses.</summary>
    public bool HasNewIdentity()
    {
        try
        {
            return access.Credentials.Certificate is { File: not null } certificate && _identity is { } used && !certificate.Read().AsSpan().SequenceEqual(used);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private SslClientAuthenticationOptions Options(string host)
    {
        SslClientAuthenticationOptions options = new()
        {
            TargetHost = access.Trust.ServerName ?? host,
            ApplicationProtocols = Protocols,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (access.Credentials is { Certificate: { } certificate, Key: { } key })
        {
            byte[] identity = certificate.Read();
            options.ClientCertificateContext = PemReading.Identity(identity, key.Read());
            _identity = identity;
        }

        if (access.Trust.SkipVerification)
        {
#pragma warning disable CA5359 // asked for in so many words, and warned of at the start
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (access.Trust.Authority is { } authority)
        {
            X509ChainPolicy policy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            policy.CustomTrustStore.AddRange(PemReading.Authorities(authority));
            options.CertificateChainPolicy = policy;
        }

        return options;
    }
}
