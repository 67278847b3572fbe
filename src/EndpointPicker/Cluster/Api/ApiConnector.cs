using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace EndpointPicker.Cluster.Api;

/// <summary>
/// Makes connections to the API server. Authority and client certificate are read for each connection, so that replaced files count from the next one on.
/// </summary>
internal sealed class ApiConnector(ClusterAccess access)
{
    private static readonly List<SslApplicationProtocol> Protocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    /// <summary>Connects.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (access.Server.Scheme != Uri.UriSchemeHttps)
            {
                return stream;
            }

            SslStream encrypted = new(stream);
            stream = encrypted;
            await encrypted.AuthenticateAsClientAsync(Options(context.DnsEndPoint.Host), cancellationToken);
            return encrypted;
        }
        catch (Exception failed)
        {
            socket.Dispose();
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }

            throw failed is AuthenticationException
                ? new AuthenticationException($"{failed.Message} (TLS with {access.Server.Authority}; check the certificate authority, tls-server-name and client certificate of {access.Source})", failed)
                : failed;
        }
    }

    private SslClientAuthenticationOptions Options(string host)
    {
        SslClientAuthenticationOptions options = new()
        {
            TargetHost = access.Trust.ServerName ?? host,
            ApplicationProtocols = Protocols,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            ClientCertificateContext = Identity(access.Credentials),
        };
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
            policy.CustomTrustStore.ImportFromPem(Text(authority));
            if (policy.CustomTrustStore.Count == 0)
            {
                throw new CryptographicException($"{authority.Name} holds no certificate");
            }

            options.CertificateChainPolicy = policy;
        }

        return options;
    }

    private static SslStreamCertificateContext? Identity(ClusterCredentials credentials)
    {
        if (credentials is not { Certificate: { } certificate, Key: { } key })
        {
            return null;
        }

        string pem = Text(certificate);
        X509Certificate2Collection chain = [];
        chain.ImportFromPem(pem);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(pem, Text(key)), chain, offline: true);
    }

    private static string Text(PemSource source) => Encoding.ASCII.GetString(source.Read());
}
