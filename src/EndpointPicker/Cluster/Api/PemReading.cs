using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace EndpointPicker.Cluster.Api;

/// <summary>Makes certificates of PEM text.</summary>
internal static class PemReading
{
    /// <summary>The certificates of an authority.</summary>
    /// <exception cref="CryptographicException">There are none.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static X509Certificate2Collection Authorities(PemSource source)
    {
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPem(Encoding.ASCII.GetString(source.Read()));
        return authorities.Count > 0 ? authorities : throw new CryptographicException($"{source.Name} holds no certificate");
    }

    /// <summary>A certificate with its key and the chain that stands beside it.</summary>
    /// <exception cref="CryptographicException">They are none, or not of one another.</exception>
    public static SslStreamCertificateContext Identity(byte[] certificate, byte[] key)
    {
        string text = Encoding.ASCII.GetString(certificate);
        X509Certificate2Collection chain = [];
        chain.ImportFromPem(text);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(text, Encoding.ASCII.GetString(key)), chain, offline: true);
    }
}
