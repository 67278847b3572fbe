using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EndpointPicker.Hosting.Tls;
using Testing;

namespace EndpointPicker.Tests.Hosting.Tls;

public sealed class ServerCertificateTests
{
    [Fact]
    public void SelfSigned_Now_IsValidForTenYearsAndForServers()
    {
        ManualTimeProvider clock = new();
        X509Certificate2 certificate = ServerCertificate.SelfSigned(clock).Current.TargetCertificate;
        DateTime now = clock.GetUtcNow().LocalDateTime;
        Assert.True(certificate.HasPrivateKey);
        Assert.InRange(certificate.NotBefore, now.AddDays(-1), now);
        Assert.InRange(certificate.NotAfter, now.AddDays((365 * 10) - 1), now.AddDays((366 * 10) + 1));
        Assert.Contains("O=Inference Ext", certificate.Subject, StringComparison.Ordinal);
        Assert.True(certificate.MatchesHostname("localhost"));
        Oid usage = Assert.Single(certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>());
        Assert.Equal("1.3.6.1.5.5.7.3.1", usage.Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_Pair_HasItsKey(bool rsa)
    {
        using TemporaryCertificates directory = new();
        using X509Certificate2 written = TemporaryCertificates.Create("pair", rsa);
        directory.Write(written);
        X509Certificate2 loaded = ServerCertificate.Load(directory.Path).Current.TargetCertificate;
        Assert.Equal(written.Thumbprint, loaded.Thumbprint);
        Assert.True(loaded.HasPrivateKey);
    }

    [Fact]
    public void Load_NoFiles_Throws()
    {
        using TemporaryCertificates directory = new();
        Assert.ThrowsAny<IOException>(() => ServerCertificate.Load(directory.Path));
    }

    [Fact]
    public void Load_KeyOfAnother_Throws()
    {
        using TemporaryCertificates directory = new();
        using X509Certificate2 first = TemporaryCertificates.Create("first");
        using X509Certificate2 second = TemporaryCertificates.Create("second");
        directory.Write(first);
        directory.WriteText("tls.crt", second.ExportCertificatePem());
        Assert.ThrowsAny<CryptographicException>(() => ServerCertificate.Load(directory.Path));
    }
}
