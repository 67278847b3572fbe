using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EndpointPicker.Tests.Hosting.Tls;

/// <summary>A directory with tls.crt and tls.key that a test may rewrite.</summary>
internal sealed class TemporaryCertificates : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("epp-tls-");

    public string Path => _directory.FullName;

    public static X509Certificate2 Create(string name, bool rsa = false)
    {
        using RSA rsaKey = RSA.Create(2048);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = rsa
            ? new CertificateRequest($"CN={name}", rsaKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    public void Write(X509Certificate2 certificate, string folder = "")
    {
        using AsymmetricAlgorithm key = (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetRSAPrivateKey()!;
        WriteText(System.IO.Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem());
        WriteText(System.IO.Path.Combine(folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());
    }

    public void WriteText(string file, string text) => File.WriteAllText(System.IO.Path.Combine(Path, file), text);

    public void Dispose() => _directory.Delete(recursive: true);
}
