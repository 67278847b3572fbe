using System.Net.Security;
using System.Security.Authentication;
using EndpointPicker.Hosting.Tls;

namespace EndpointPicker.Tests.Hosting.Tls;

public sealed class TlsNamesTests
{
    // The numbers of SslProtocols: 1.0 = 192, 1.1 = 768, 1.2 = 3072, 1.3 = 12288; the names of the first two are obsolete.
    [Theory]
    [InlineData("VersionTLS10", 192 | 768 | 3072 | 12288)]
    [InlineData("VersionTLS11", 768 | 3072 | 12288)]
    [InlineData("VersionTLS12", 3072 | 12288)]
    [InlineData("", 3072 | 12288)]
    [InlineData("VersionTLS13", 12288)]
    public void TryParse_KnownVersion_IsThatAndLater(string name, int expected)
    {
        Assert.True(TlsVersion.TryParse(name, out SslProtocols protocols));
        Assert.Equal(expected, (int)protocols);
    }

    [Theory]
    [InlineData("versiontls12")]
    [InlineData("1.2")]
    public void TryParse_OtherSpelling_IsRefused(string name) => Assert.False(TlsVersion.TryParse(name, out _));

    [Fact]
    public void TryParse_SuiteNames_KeepOneDotThreeAndSkipBlanks()
    {
        Assert.True(CipherSuites.TryParse([" ", "TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305"], out TlsCipherSuite[]? suites, out _));
        Assert.Equal(
            [
                TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA, TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
                TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
            ],
            suites);
        Assert.NotNull(CipherSuites.ToPolicy(suites));
    }

    [Fact]
    public void TryParse_NoSuites_LeavesThePlatforms()
    {
        Assert.True(CipherSuites.TryParse([""], out TlsCipherSuite[]? suites, out _));
        Assert.Null(suites);
        Assert.Null(CipherSuites.ToPolicy(suites));
    }

    [Fact]
    public void TryParse_UnknownSuite_IsNamed()
    {
        Assert.False(CipherSuites.TryParse(["TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_NO_SUCH"], out _, out string? unknown));
        Assert.Equal("TLS_NO_SUCH", unknown);
    }

    [Fact]
    public void ToPolicy_SuitesThatOpenSslDropped_DoesNotThrow()
    {
        Assert.True(CipherSuites.TryParse(["TLS_ECDHE_ECDSA_WITH_RC4_128_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"], out TlsCipherSuite[]? suites, out _));
        Assert.NotNull(CipherSuites.ToPolicy(suites));
    }
}
