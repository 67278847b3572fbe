using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using EndpointPicker.Hosting.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Testing;

namespace EndpointPicker.Tests.Hosting.Tls;

public sealed class MetricsPortTlsTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly TemporaryCertificates _server = new();
    private readonly TemporaryCertificates _clients = new();
    private readonly TemporaryAuthority _root = new("root");
    private readonly EventLogger<CertificateReloader> _log = new();

    public MetricsPortTlsTests()
    {
        _server.Write(TemporaryCertificates.Create("first"));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
#pragma warning disable SYSLIB0039, CA5397 // The old version is what must not work.
    [InlineData(SslProtocols.Tls11, false)]
#pragma warning restore SYSLIB0039, CA5397
    public async Task Port_ByVersion_TakesTwelveAndLater(SslProtocols version, bool taken)
    {
        using MetricsPortTls sut = CreateSut(clients: false);
        await using WebApplication app = await StartAsync(sut);
        Assert.Equal(taken, await AskAsync(app, null, version) is not null);
    }

    [Fact]
    public async Task Port_Plaintext_IsNotTaken()
    {
        using MetricsPortTls sut = CreateSut(clients: false);
        await using WebApplication app = await StartAsync(sut);
        using HttpClient client = new();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync(new Uri($"http://127.0.0.1:{Port(app)}/"), TestContext.Current.CancellationToken).DefaultTimeout());
    }

    [Fact]
    public async Task Client_CertificateOfTheAuthority_IsTaken()
    {
        WriteAuthorities(_root.Pem);
        await ExpectAsync(true, _root.Issue());
    }

    [Fact]
    public async Task Client_CertificateThatDoesNotSayItsUse_IsTaken()
    {
        WriteAuthorities(_root.Pem);
        await ExpectAsync(true, _root.Issue(usage: null));
    }

    [Fact]
    public async Task Client_CertificateBelowAnIntermediateOfTheFile_IsTaken()
    {
        using TemporaryAuthority middle = new("middle", _root);
        WriteAuthorities(middle.Pem + "\n" + _root.Pem);
        await ExpectAsync(true, middle.Issue());
    }

    [Fact]
    public async Task Client_NoCertificate_IsRefused()
    {
        WriteAuthorities(_root.Pem);
        await ExpectAsync(false, null);
    }

    [Fact]
    public async Task Client_CertificateForServers_IsRefused()
    {
        WriteAuthorities(_root.Pem);
        await ExpectAsync(false, _root.Issue(TemporaryAuthority.ServerUsage));
    }

    [Fact]
    public async Task Client_CertificateOfAnotherAuthorityOfTheSameName_IsRefused()
    {
        using TemporaryAuthority impostor = new("root");
        WriteAuthorities(_root.Pem);
        await ExpectAsync(false, impostor.Issue());
    }

    [Fact]
    public async Task Client_CertificateExpired_IsRefused()
    {
        WriteAuthorities(_root.Pem);
        await ExpectAsync(false, _root.Issue(validUntil: -1));
    }

    [Fact]
    public async Task Files_Rewritten_AreReadAgain()
    {
        using TemporaryAuthority next = new("next");
        using X509Certificate2 ofTheNext = next.Issue();
        WriteAuthorities(_root.Pem);
        using MetricsPortTls sut = CreateSut(clients: true);
        await using WebApplication app = await StartAsync(sut);
        Assert.Null(await AskAsync(app, ofTheNext));
        WriteAuthorities(next.Pem);
        _server.Write(TemporaryCertificates.Create("second"));
        await EventuallyAsync(async () => await AskAsync(app, ofTheNext) == "CN=second");
        Assert.Contains($"Read the certificate of the metrics port in {_server.Path} again", _log.Texts);
        Assert.Contains($"Read the client authorities of the metrics port in {_clients.Path} again", _log.Texts);
        using X509Certificate2 ofTheFirst = _root.Issue();
        Assert.Null(await AskAsync(app, ofTheFirst));
    }

    [Fact]
    public void Create_CertificateMissing_NamesFlagAndFile()
    {
        File.Delete(Path.Combine(_server.Path, "tls.key"));
        CertificateFileException refused = Assert.Throws<CertificateFileException>(() => CreateSut(clients: false));
        Assert.StartsWith($"--metrics-cert-dir={_server.Path}: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("tls.key", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "Could not find file")]
    [InlineData("nothing", "has no certificate in PEM")]
    public void Create_AuthoritiesWrong_NamesFlagAndFault(string? text, string fault)
    {
        if (text is not null)
        {
            WriteAuthorities(text);
        }

        CertificateFileException refused = Assert.Throws<CertificateFileException>(() => CreateSut(clients: true));
        Assert.StartsWith("--metrics-client-ca-file=", refused.Message, StringComparison.Ordinal);
        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_IntermediateWithoutItsRoot_SaysWhatIsMissing()
    {
        using TemporaryAuthority middle = new("middle", _root);
        WriteAuthorities(middle.Pem);
        Assert.Contains("has no root certificate", Assert.Throws<CertificateFileException>(() => CreateSut(clients: true)).Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _server.Dispose();
        _clients.Dispose();
        _root.Dispose();
    }

    private static int Port(WebApplication app) =>
        new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    private static async Task<WebApplication> StartAsync(MetricsPortTls sut)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            sut.Use(listen);
        }));
        WebApplication app = builder.Build();
        app.Run(context => context.Response.WriteAsync("ok"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    // Whose certificate the server shows to a client that it answers; null where it does not.
    private static async Task<string?> AskAsync(WebApplication app, X509Certificate2? certificate, SslProtocols versions = SslProtocols.None)
    {
        string? subject = null;
        using SocketsHttpHandler handler = new();
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = versions,
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
            RemoteCertificateValidationCallback = (_, shown, _, _) =>
            {
                subject = shown?.Subject;
                return shown is not null;
            },
        };
        using HttpClient client = new(handler);
        try
        {
            Assert.Equal("ok", await client.GetStringAsync(new Uri($"https://127.0.0.1:{Port(app)}/"), TestContext.Current.CancellationToken).DefaultTimeout());
            return subject;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task ExpectAsync(bool taken, X509Certificate2? certificate)
    {
        using MetricsPortTls sut = CreateSut(clients: true);
        await using WebApplication app = await StartAsync(sut);
        Assert.Equal(taken, await AskAsync(app, certificate) is not null);
        certificate?.Dispose();
    }

    // The file system tells of changes when it likes; the quiet time is the test's.
    private async Task EventuallyAsync(Func<Task<bool>> reached)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (!await reached())
        {
            limit.Token.ThrowIfCancellationRequested();
            _clock.Advance(TimeSpan.FromMilliseconds(50));
        }
    }

    private void WriteAuthorities(string pem) => _clients.WriteText("ca.pem", pem);

    private MetricsPortTls CreateSut(bool clients) => new(_server.Path, clients ? Path.Combine(_clients.Path, "ca.pem") : "", _clock, _log);
}
