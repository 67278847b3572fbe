using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using EndpointPicker.Cluster.Api;
using EndpointPicker.Tests.DataLayer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Testing;

namespace EndpointPicker.Tests.Cluster.Api;

/// <summary>How connections to a real API server are judged, and who we are on them.</summary>
public sealed class ApiConnectionTests(TestApiFixture server) : IDisposable
{
    private const string WhoAmI = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    private readonly string _folder = Directory.CreateTempSubdirectory("connection-").FullName;

    private string CertificateFile => Path.Combine(_folder, "client.crt");

    private string KeyFile => Path.Combine(_folder, "client.key");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Connect_ClientCertificate_IsWhoWeAre()
    {
        TestApi api = await server.GetAsync();
        Issue(api, "first");
        ClusterAccess files = WithIdentity(api, PemSource.In(CertificateFile), PemSource.In(KeyFile));
        ClusterAccess data = WithIdentity(api, PemSource.Of(File.ReadAllBytes(CertificateFile), "data"), PemSource.Of(File.ReadAllBytes(KeyFile), "data"));
        using ApiClient ofFiles = TestClients.Of(files.Checked());
        using ApiClient ofData = TestClients.Of(data.Checked());

        Assert.Equal("first", await NameAsync(ofFiles));
        Assert.Equal("first", await NameAsync(ofData));
    }

    [Fact]
    public async Task Connect_ClientCertificateReplaced_CountsFromTheNextConnection()
    {
        TestApi api = await server.GetAsync();
        await using CuttableProxy proxy = new(api.Server.Port);
        Issue(api, "first");
        using ApiClient sut = TestClients.Of(WithIdentity(api, PemSource.In(CertificateFile), PemSource.In(KeyFile)).Through(proxy.Port));
        Assert.Equal("first", await NameAsync(sut));

        Issue(api, "second");
        string before = await NameAsync(sut);
        proxy.Reset();

        Assert.Equal("first", before);
        Assert.Equal("second", await EventuallyNameAsync(sut));
    }

    [Fact]
    public async Task Send_ClientCertificateRefused_IsTriedAtOnceWithTheReplacedOne()
    {
        TestApi api = await server.GetAsync();
        Issue(api, "expired");
        List<string> names = [];
        await using WebApplication fake = await StartAskingForCertificatesAsync(name =>
        {
            names.Add(name);
            Issue(api, "fresh");
            return name == "CN=fresh";
        });
        using ApiClient sut = TestClients.Of(WithIdentity(api, PemSource.In(CertificateFile), PemSource.In(KeyFile)) with
        {
            Server = new Uri(fake.Urls.First()),
            Trust = new ServerTrust { Authority = PemSource.Of(Encoding.ASCII.GetBytes(TestServer.Certificate.ExportCertificatePem()), "data") },
        });

        ApiAnswer answer = await sut.SendAsync(HttpMethod.Get, "/version", default, TestContext.Current.CancellationToken);

        Assert.Equal(200, answer.Status);
        Assert.Equal(["CN=expired", "CN=fresh"], names);
    }

    [Fact]
    public async Task Connect_TokenFileReplaced_IsReadAgainAfterAMinute()
    {
        TestApi api = await server.GetAsync();
        string space = await server.NewNamespaceAsync();
        string file = Path.Combine(_folder, "token");
        await File.WriteAllTextAsync(file, await api.ServiceAccountTokenAsync(space, "first") + "\n", TestContext.Current.CancellationToken);
        ManualTimeProvider time = new();
        RecordedLog<ApiClient> log = new();
        using ApiClient sut = new(TestClients.Access(api) with { Credentials = new ClusterCredentials { TokenFile = file } }, new ApiClientOptions(), time, log);

        string first = await NameAsync(sut);
        await File.WriteAllTextAsync(file, await api.ServiceAccountTokenAsync(space, "second"), TestContext.Current.CancellationToken);
        string before = await NameAsync(sut);
        time.Advance(TimeSpan.FromMinutes(1));
        string second = await NameAsync(sut);
        File.Delete(file);
        time.Advance(TimeSpan.FromMinutes(1));
        string last = await NameAsync(sut);
        time.Advance(TimeSpan.FromMinutes(1));
        await NameAsync(sut);

        Assert.Equal(
            [$"system:serviceaccount:{space}:first", $"system:serviceaccount:{space}:first", $"system:serviceaccount:{space}:second", $"system:serviceaccount:{space}:second"],
            (string[])[first, before, second, last]);
        Assert.Equal(["TokenUnreadable"], log.Events(LogLevel.Error));
    }

    [Fact]
    public async Task Connect_AuthorityOfAnother_IsRefused()
    {
        TestApi api = await server.GetAsync();
        using X509Certificate2 other = SelfSigned("other");
        ClusterAccess access = TestClients.Access(api);
        using ApiClient sut = TestClients.Of(access with { Trust = new ServerTrust { Authority = PemSource.Of(Encoding.ASCII.GetBytes(other.ExportCertificatePem()), "data") } });
        using ApiClient ofTheSystem = TestClients.Of(access with { Trust = new ServerTrust() });

        Assert.Contains("errors in the certificate chain", (await UnreachableAsync(sut)).Message, StringComparison.Ordinal);
        Assert.Contains("check the certificate authority, tls-server-name", (await UnreachableAsync(ofTheSystem)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kubernetes.default.svc", true)]
    [InlineData("elsewhere.example", false)]
    public async Task Connect_ServerName_IsWhatTheCertificateMustHave(string name, bool fits)
    {
        TestApi api = await server.GetAsync();
        ClusterAccess access = TestClients.Access(api);
        using ApiClient sut = TestClients.Of(access with { Trust = access.Trust with { ServerName = name } });

        if (fits)
        {
            Assert.Equal("testapi-admin", await NameAsync(sut));
        }
        else
        {
            Assert.Contains("RemoteCertificateNameMismatch", (await UnreachableAsync(sut)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Connect_Unverified_IsWarnedOf()
    {
        TestApi api = await server.GetAsync();
        RecordedLog<ApiClient> log = new();
        ClusterAccess access = TestClients.Access(api) with { Trust = new ServerTrust { SkipVerification = true, ServerName = "elsewhere.example" } };
        using ApiClient sut = new(access, new ApiClientOptions(), TimeProvider.System, log);

        Assert.Equal("testapi-admin", await NameAsync(sut));
        Assert.Equal(["Unverified"], log.Events(LogLevel.Warning));
    }

    [Fact]
    public async Task Send_PathBelowAPrefixAndUserAgent_AreSent()
    {
        TaskCompletionSource<(string Path, string Agent)> seen = new();
        await using WebApplication fake = await TestServer.StartAsync(tls: false, context =>
        {
            seen.TrySetResult((context.Request.Path + context.Request.QueryString, context.Request.Headers.UserAgent.ToString()));
            return Task.CompletedTask;
        });
        ClusterAccess access = new() { Server = new Uri(fake.Urls.First() + "/k8s/clusters/c-1/"), Source = "the test" };
        using ApiClient sut = TestClients.Of(access, new ApiClientOptions { UserAgent = "epp/1.2.3-rc.1" });

        await sut.SendAsync(HttpMethod.Get, "/api/v1/namespaces/ns/pods?limit=1", default, TestContext.Current.CancellationToken);

        Assert.Equal(("/k8s/clusters/c-1/api/v1/namespaces/ns/pods?limit=1", "epp/1.2.3-rc.1"), await seen.Task.DefaultTimeout());
        Assert.False(sut.IsProbed);
    }

    private static async Task<string> NameAsync(ApiClient client)
    {
        byte[] review = """{"kind":"SelfSubjectReview","apiVersion":"authentication.k8s.io/v1"}"""u8.ToArray();
        ApiAnswer answer = await client.SendAsync(HttpMethod.Post, WhoAmI, review, TestContext.Current.CancellationToken).DefaultTimeout();
        Assert.True(answer.IsSuccess, answer.ToString());
        using JsonDocument told = JsonDocument.Parse(answer.Body);
        return told.RootElement.GetProperty("status").GetProperty("userInfo").GetProperty("username").GetString()!;
    }

    // The first request after a reset may still meet the dead connection.
    private static async Task<string> EventuallyNameAsync(ApiClient client)
    {
        try
        {
            return await NameAsync(client);
        }
        catch (ApiUnreachableException)
        {
            return await NameAsync(client);
        }
    }

    private static async Task<ApiUnreachableException> UnreachableAsync(ApiClient client) =>
        await Assert.ThrowsAsync<ApiUnreachableException>(() => client.SendAsync(HttpMethod.Get, "/version", default, TestContext.Current.CancellationToken).DefaultTimeout());

    private static ClusterAccess WithIdentity(TestApi api, PemSource certificate, PemSource key) =>
        TestClients.Access(api) with { Credentials = new ClusterCredentials { Certificate = certificate, Key = key } };

    private static X509Certificate2 SelfSigned(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(40), DateTimeOffset.UnixEpoch.AddYears(130));
    }

    private static async Task<WebApplication> StartAskingForCertificatesAsync(Func<string, bool> accept)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(TestServer.Certificate, https =>
        {
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.AllowAnyClientCertificate();
        })));
        WebApplication fake = builder.Build();
        fake.Run(context =>
        {
            context.Response.StatusCode = accept(context.Connection.ClientCertificate!.Subject) ? 200 : 401;
            return Task.CompletedTask;
        });
        await fake.StartAsync();
        return fake;
    }

    private void Issue(TestApi api, string name)
    {
        using X509Certificate2 authority = X509Certificate2.CreateFromPemFile(api.AuthorityFile, api.AuthorityKeyFile);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        using X509Certificate2 certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, Guid.NewGuid().ToByteArray());
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
