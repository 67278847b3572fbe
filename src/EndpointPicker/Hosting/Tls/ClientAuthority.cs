using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EndpointPicker.Hosting.Tls;

/// <summary>The authorities whose client certificates a port takes; swapped as a whole, while connections made before stay.</summary>
internal sealed class ClientAuthority
{
    private readonly string _file;
    private volatile X509Certificate2Collection _current;

    private ClientAuthority(string file)
    {
        _file = file;
        _current = Read(file);
    }

    /// <summary>Reads a PEM file of authorities.</summary>
    /// <exception cref="IOException">The file is missing or unreadable.</exception>
    /// <exception cref="CryptographicException">It has no certificate, or none that is a root.</exception>
    public static ClientAuthority Load(string file) => new(file);

    /// <summary>How the certificate of a new connection is judged: up to a root of the file, and made for clients where it says what it is made for.</summary>
    public X509ChainPolicy ToPolicy()
    {
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        foreach (X509Certificate2 certificate in _current)
        {
            (IsRoot(certificate) ? policy.CustomTrustStore : policy.ExtraStore).Add(certificate);
        }

        return policy;
    }

    /// <summary>Reads the file again; on an exception the old authorities stay.</summary>
    public void Reload() => _current = Read(_file);

    private static X509Certificate2Collection Read(string file)
    {
        X509Certificate2Collection read = [];
        read.ImportFromPemFile(file);
        return read.Any(IsRoot) ? read
            : throw new CryptographicException(read.Count == 0 ? $"{file} has no certificate in PEM" : $"{file} has no root certificate, one that signs itself; add the root of the chain");
    }

    private static bool IsRoot(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
