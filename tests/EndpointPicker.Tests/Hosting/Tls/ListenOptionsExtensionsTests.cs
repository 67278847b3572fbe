using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using EndpointPicker.Hosting.Tls;
using EndpointPicker.Tests.Grpc;
using Testing;

namespace EndpointPicker.Tests.Hosting.Tls;

public sealed class ListenOptionsExtensionsTests
{
    private readonly ServerCertificate _certificate = ServerCertificate.SelfSigned(TimeProvider.System);

    [Theory]
    [InlineData(true, true, true, true)]
    [InlineData(true, false, true, false)]
    [InlineData(false, true, false, true)]
    [InlineData(false, false, false, true)]
    public async Task Port_ByOptions_TakesTlsOrPlaintextOrBoth(bool secure, bool allowPlaintext, bool takesTls, bool takesPlaintext)
    {
        await using GrpcTestServer server = await StartAsync(new TlsOptions { Secure = secure, AllowPlaintext = allowPlaintext });
        Assert.Equal(takesTls, await AnswersAsync(server, Trusting(_certificate)));
        Assert.Equal(takesPlaintext, await AnswersAsync(server, tls: null));
        Assert.Empty(server.Logged);
    }

    [Fact]
    public async Task Port_HttpOne_IsClosed()
    {
        await using GrpcTestServer server = await StartAsync(new TlsOptions());
        using TcpClient client = await ConnectAsync(server);
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.True(await IsClosedAsync(client));
        Assert.Empty(server.Logged);
    }

    [Fact]
    public async Task Port_SilentConnection_IsClosedAfterTheTimeout()
    {
        ManualTimeProvider clock = new();
        await using GrpcTestServer server = await StartAsync(new TlsOptions { HandshakeTimeout = TimeSpan.FromSeconds(7) }, clock);
        using TcpClient client = await ConnectAsync(server);
        await ServerWaitsAsync(clock);
        clock.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Equal(1, clock.PendingTimers);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(await IsClosedAsync(client));
    }

    [Fact]
    public async Task Port_ServerStops_DoesNotWaitForSilentConnections()
    {
        ManualTimeProvider clock = new();
        await using GrpcTestServer server = await StartAsync(new TlsOptions(), clock);
        using TcpClient client = await ConnectAsync(server);
        await ServerWaitsAsync(clock);
        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.True(await IsClosedAsync(client));
    }

    [Fact]
    public async Task Tls_Negotiated_IsHttpTwoOverTheLatestVersion()
    {
        await using GrpcTestServer server = await StartAsync(new TlsOptions());
        using TcpClient client = await ConnectAsync(server);
        await using SslStream stream = await HandshakeAsync(client, Trusting(_certificate));
        Assert.Equal((SslApplicationProtocol.Http2, SslProtocols.Tls13), (stream.NegotiatedApplicationProtocol, stream.SslProtocol));
    }

    [Fact]
    public async Task Tls_OtherAlpn_FailsTheHandshake()
    {
        await using GrpcTestServer server = await StartAsync(new TlsOptions());
        using TcpClient client = await ConnectAsync(server);
        SslClientAuthenticationOptions options = Trusting(_certificate);
        options.ApplicationProtocols = [SslApplicationProtocol.Http11];
        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => HandshakeAsync(client, options));
        Assert.True(refused is AuthenticationException or IOException, refused.ToString());
    }

    [Fact]
    public async Task Tls_MinimumVersion_RefusesOlderOnes()
    {
        Assert.True(TlsVersion.TryParse("VersionTLS13", out SslProtocols protocols));
        await using GrpcTestServer server = await StartAsync(new TlsOptions { Protocols = protocols });
        using TcpClient client = await ConnectAsync(server);
        SslClientAuthenticationOptions options = Trusting(_certificate);
        options.EnabledSslProtocols = SslProtocols.Tls12;
        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => HandshakeAsync(client, options));
        Assert.True(refused is AuthenticationException or IOException, refused.ToString());
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384)]
    [InlineData(SslProtocols.Tls13, TlsCipherSuite.TLS_AES_128_GCM_SHA256)]
    public async Task Tls_CipherSuites_LimitOneDotTwoAndLeaveOneDotThree(SslProtocols version, TlsCipherSuite expected)
    {
        Assert.True(CipherSuites.TryParse(["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"], out TlsCipherSuite[]? suites, out _));
        await using GrpcTestServer server = await StartAsync(new TlsOptions { CipherSuites = CipherSuites.ToPolicy(suites) });
        using TcpClient client = await ConnectAsync(server);
        SslClientAuthenticationOptions options = Trusting(_certificate);
        options.EnabledSslProtocols = version;
        if (version == SslProtocols.Tls13)
        {
            // Not in the list, and taken all the same.
            options.CipherSuitesPolicy = CipherSuites.ToPolicy([expected]);
        }

        await using SslStream stream = await HandshakeAsync(client, options);
        Assert.Equal(expected, stream.NegotiatedCipherSuite);
    }

    [Fact]
    public async Task Tls_CertificateSwapped_NewConnectionsGetTheNewOne()
    {
        using TemporaryCertificates directory = new();
        directory.Write(TemporaryCertificates.Create("first"));
        ServerCertificate certificate = ServerCertificate.Load(directory.Path);
        await using GrpcTestServer server = await StartAsync(new TlsOptions(), certificate: certificate);
        Assert.Equal("CN=first", await SubjectAsync(server, certificate));
        directory.Write(TemporaryCertificates.Create("second"));
        Assert.Equal("CN=first", await SubjectAsync(server, certificate));
        certificate.Reload(directory.Path);
        Assert.Equal("CN=second", await SubjectAsync(server, certificate));
    }

    private static SslClientAuthenticationOptions Trusting(ServerCertificate certificate)
    {
        byte[] expected = certificate.Current.TargetCertificate.RawData;
        return new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            RemoteCertificateValidationCallback = (_, presented, _, errors) =>
                (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0 && presented!.GetRawCertData().AsSpan().SequenceEqual(expected),
        };
    }

    private static async Task<string> SubjectAsync(GrpcTestServer server, ServerCertificate certificate)
    {
        using TcpClient client = await ConnectAsync(server);
        await using SslStream stream = await HandshakeAsync(client, Trusting(certificate));
        return stream.RemoteCertificate!.Subject;
    }

    private static async Task<SslStream> HandshakeAsync(TcpClient client, SslClientAuthenticationOptions options)
    {
        SslStream stream = new(client.GetStream());
        await stream.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken).DefaultTimeout();

        // Under TLS 1.3 the client is done before the server has agreed; the SETTINGS that answer the preface prove that it has.
        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray().Concat(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 }).ToArray()).DefaultTimeout();
        await stream.ReadExactlyAsync(new byte[9], TestContext.Current.CancellationToken).DefaultTimeout();
        return stream;
    }

    private static async Task<bool> AnswersAsync(GrpcTestServer server, SslClientAuthenticationOptions? tls)
    {
        using GrpcTestClient client = new(server.Port, tls);
        using GrpcTestCall call = client.Start(EchoMethod.EchoPath);
        Task sent = SendAsync(call);
        await Task.WhenAny(call.Response, sent).DefaultTimeout();
        try
        {
            return (await call.ReadToEndAsync()).Status == "0";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task SendAsync(GrpcTestCall call)
    {
        await call.SendAsync([1, 2, 3]);
        await call.CompleteAsync();
    }

    private static async Task<TcpClient> ConnectAsync(GrpcTestServer server)
    {
        TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, server.Port, TestContext.Current.CancellationToken);
        return client;
    }

    // The server's timer on the first byte is the sign that it waits for it.
    private static async Task ServerWaitsAsync(ManualTimeProvider clock)
    {
        while (clock.PendingTimers == 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task<bool> IsClosedAsync(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken).DefaultTimeout() == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private Task<GrpcTestServer> StartAsync(TlsOptions options, TimeProvider? clock = null, ServerCertificate? certificate = null) =>
        GrpcTestServer.StartAsync(new GrpcTestSetup
        {
            Methods = [new EchoMethod()],
            Listen = listen => listen.UseTlsOrPlaintext(options, certificate ?? _certificate, clock ?? TimeProvider.System),
        });
}
