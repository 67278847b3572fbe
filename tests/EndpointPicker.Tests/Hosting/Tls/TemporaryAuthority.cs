using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EndpointPicker.Tests.Hosting.Tls;

/// <summary>An authority of a test, a root or one below another, that signs client certificates.</summary>
internal sealed class TemporaryAuthority : IDisposable
{
    public const string ClientUsage = "1.3.6.1.5.5.7.3.2";
    public const string ServerUsage = "1.3.6.1.5.5.7.3.1";

    private readonly X509Certificate2 _certificate;

    public TemporaryAuthority(string name, TemporaryAuthority? above = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        if (above is null)
        {
            _certificate = request.CreateSelfSigned(now.AddDays(-2), now.AddDays(2));
            return;
        }

        using X509Certificate2 signed = request.Create(above._certificate, now.AddDays(-2), now.AddDays(2), [2]);
        _certificate = signed.CopyWithPrivateKey(key);
    }

    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>Signs a certificate.</summary>
    /// <param name="usage">What it says it is for; null where it does not say.</param>
    /// <param name="validUntil">When it ends, in days from now.</param>
    public X509Certificate2 Issue(string? usage = ClientUsage, int validUntil = 1)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=client", key, HashAlgorithmName.SHA256);
        if (usage is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        }

        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 signed = request.Create(_certificate, now.AddDays(-1.5), now.AddDays(validUntil), [1]);
        return signed.CopyWithPrivateKey(key);
    }

    public void Dispose() => _certificate.Dispose();
}
