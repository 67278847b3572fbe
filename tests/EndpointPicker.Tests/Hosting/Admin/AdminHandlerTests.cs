using System.Net;
using EndpointPicker.Board;
using EndpointPicker.Grpc.Health;
using EndpointPicker.Hosting.Admin;
using EndpointPicker.Hosting.Lifetime;
using EndpointPicker.Hosting.Metrics;
using EndpointPicker.Tests.DataLayer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace EndpointPicker.Tests.Hosting.Admin;

public sealed class AdminHandlerTests : IDisposable
{
    private readonly RecordedMetrics _meters = new();
    private readonly MetricsCollector _collector;
    private readonly Readiness _readiness;
    private readonly AdminHandler _sut;

    public AdminHandlerTests()
    {
        _collector = new MetricsCollector(_meters);
        _readiness = new Readiness(new HealthState(new HealthNames(knownOnly: false)), NullLogger<Readiness>.Instance);
        _sut = new AdminHandler(_collector, _readiness, new AdminAccess(null, clientCertificates: false), [new Page("/page", false), new Page("/form", true)]);
    }

    public void Dispose() => _collector.Dispose();

    [Theory]
    [InlineData("127.0.0.1", 200)]
    [InlineData("::1", 200)]
    [InlineData("::ffff:127.0.0.1", 200)]
    [InlineData("10.0.0.7", 403)]
    [InlineData("fd00::7", 403)]
    [InlineData(null, 403)]
    public async Task Page_ByAddress_AnswersLoopbackOnly(string? address, int status)
    {
        (int actual, string text) = await GetAsync("/page", address);
        Assert.Equal(status, actual);
        Assert.Equal(status == 200, text == "secret");
    }

    [Theory]
    [InlineData("/metrics", 200)]
    [InlineData("/healthz", 200)]
    [InlineData("/readyz", 503)]
    [InlineData("/elsewhere", 404)]
    public async Task Path_FromAnywhere_HasItsStatus(string path, int status)
    {
        Assert.Equal(status, (await GetAsync(path, "10.0.0.7")).Status);
    }

    [Fact]
    public async Task Readyz_FromStartToDrain_SaysWhyNot()
    {
        Assert.Equal((503, "not ready: the pool's endpoints are not known yet; starting\n"), await GetAsync("/readyz"));
        _readiness.Set(ReadinessCondition.Pool, null);
        Assert.Equal((503, "not ready: starting\n"), await GetAsync("/readyz"));
        _readiness.Set(ReadinessCondition.Warm, null);
        Assert.Equal((200, "ok\n"), await GetAsync("/readyz"));
        _readiness.Set(ReadinessCondition.NotDraining, "draining");
        Assert.Equal((503, "not ready: draining\n"), await GetAsync("/readyz"));
        Assert.Equal(200, (await GetAsync("/healthz")).Status);
    }

    [Theory]
    [InlineData("/metrics", "127.0.0.1", 405, "only GET, HEAD are answered here")]
    [InlineData("/page", "127.0.0.1", 405, "only GET, HEAD are answered here")]
    [InlineData("/form", "127.0.0.1", 200, "secret")]
    [InlineData("/form", "10.0.0.7", 403, "/form answers loopback only")]
    public async Task Post_ByPathAndAddress_IsTakenWhereThePageTakesIt(string path, string address, int status, string text)
    {
        (int actual, string answer) = await GetAsync(path, address, "POST");
        Assert.Equal(status, actual);
        Assert.StartsWith(text, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("localhost:9090", 200)]
    [InlineData("LocalHost:19090", 200)]
    [InlineData("127.0.0.1:9090", 200)]
    [InlineData("127.8.9.10", 200)]
    [InlineData("[::1]:9090", 200)]
    [InlineData("[::1]", 200)]
    [InlineData("attacker.example:9090", 403)]
    [InlineData("localhost.attacker.example", 403)]
    [InlineData("127.0.0.1.attacker.example:9090", 403)]
    [InlineData("10.0.0.7:9090", 403)]
    [InlineData("[fd00::7]:9090", 403)]
    [InlineData("", 403)]
    public async Task Page_ByHost_IsNotForNamesThatAnybodyCanPointHere(string host, int status)
    {
        (int actual, string text) = await GetAsync("/page", host: host);
        Assert.Equal(status, actual);
        Assert.Equal(status == 200 ? "secret" : "/page answers only where the Host header is localhost or a loopback address: use http://localhost\n", text);
        Assert.Equal(200, (await GetAsync("/healthz", host: host)).Status);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("Sec-Fetch-Site", "none", 200)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Origin", "http://127.0.0.1:9090", 200)]
    [InlineData("Origin", "http://127.0.0.1:3000", 403)]
    [InlineData("Origin", "http://attacker.example", 403)]
    [InlineData("Origin", "https://127.0.0.1:9090", 403)]
    [InlineData("Origin", "null", 403)]
    public async Task Form_FromAPage_AnswersItsOwnOriginOnly(string header, string value, int status)
    {
        (int actual, string text) = await GetAsync("/form", method: "POST", more: (header, value));
        Assert.Equal(status, actual);
        Assert.Equal(status == 200 ? "secret" : "/form answers no page of another origin: open its address by itself\n", text);
        Assert.Equal(200, (await GetAsync("/healthz", more: (header, value))).Status);
    }

    [Theory]
    [InlineData(true, "", 200)]
    [InlineData(true, "https://attacker.example", 403)]
    [InlineData(false, "", 403)]
    public async Task Page_FromAfarWithAClientCertificate_AnswersButNoPageOfAnotherOrigin(bool certificates, string origin, int status)
    {
        AdminHandler sut = new(_collector, _readiness, new AdminAccess(null, certificates), [new Page("/page", false)]);
        Assert.Equal(status, (await GetAsync("/page", "10.0.0.7", host: "epp.example", more: ("Origin", origin), sut: sut)).Status);
    }

    private async Task<(int Status, string Text)> GetAsync(
        string path, string? address = "127.0.0.1", string method = "GET", string host = "127.0.0.1:9090", (string Name, string Value)? more = null, AdminHandler? sut = null)
    {
        DefaultHttpContext context = new();
        using MemoryStream body = new();
        context.Request.Method = method;
        context.Request.Path = path;
        context.Request.Scheme = "http";
        context.Request.Host = new HostString(host);
        if (more is { Value.Length: > 0 } header)
        {
            context.Request.Headers[header.Name] = header.Value;
        }

        context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        context.Response.Body = body;
        await (sut ?? _sut).HandleAsync(context);
        return (context.Response.StatusCode, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }

    private sealed class Page(string path, bool takesPost) : IBoardPage
    {
        public string Path => path;

        public IReadOnlyList<string> Methods => takesPost ? ["GET", "HEAD", "POST"] : ["GET", "HEAD"];

        public Task HandleAsync(HttpContext context) => context.Response.WriteAsync("secret");
    }
}
