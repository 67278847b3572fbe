using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EndpointPicker.Hosting.Tls;

/// <summary>The certificate that new connections get; swapped as a whole, while connections made before keep theirs.</summary>
internal sealed class ServerCertificate(SslStreamCertificateContext initial)
{
    private const string CertificateFile = "tls.crt";
    private const string KeyFile = "tls.key";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const int SelfSignedYears = 10;

    private volatile SslStreamCertificateContext _current = initial;

    public SslStreamCertificateContext Current => _current;

    /// <summary>Reads the pair of a directory.</summary>
    /// <exception cref="IOException">A file is missing or unreadable.</exception>
    /// <exception cref="CryptographicException">They are no certificate and key, or do not belong together.</exception>
    public static ServerCertificate Load(string directory) => new(ReadPair(directory));

    /// <summary>Makes a certificate that no one vouches for, as the reference does without a directory.</summary>
    public static ServerCertificate SelfSigned(TimeProvider timeProvider)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("O=Inference Ext, CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddDnsName(Environment.MachineName);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));

        // An hour back, for clients whose clock is a little behind.
        DateTimeOffset from = timeProvider.GetUtcNow().AddHours(-1);
        return new ServerCertificate(SslStreamCertificateContext.Create(request.CreateSelfSigned(from, from.AddYears(SelfSignedYears)), null, offline: true));
    }

    /// <summary>Reads the pair again; on an exception the old one stays.</summary>
    public void Reload(string directory) => _current = ReadPair(directory);

    private static SslStreamCertificateContext ReadPair(string directory)
    {
        string certificatePath = Path.Combine(directory, CertificateFile);
        X509Certificate2 certificate;
        try
        {
            certificate = X509Certificate2.CreateFromPemFile(certificatePath, Path.Combine(directory, KeyFile));
        }
        catch (ArgumentException e)
        {
            // How the platform says that the key is another certificate's.
            throw new CryptographicException(e.Message, e);
        }

        // The file's further certificates are the chain that clients without the intermediates need.
        X509Certificate2Collection chain = [];
        chain.ImportFromPemFile(certificatePath);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }
}
