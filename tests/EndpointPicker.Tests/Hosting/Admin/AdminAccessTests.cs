using System.Globalization;
using System.Net;
using System.Text;
using EndpointPicker.Cluster.Api;
using EndpointPicker.Cluster.Reviews;
using EndpointPicker.Hosting.Admin;
using EndpointPicker.Tests.Cluster.Api;
using EndpointPicker.Tests.Hosting.Tls;
using Microsoft.AspNetCore.Http;
using Testing;

namespace EndpointPicker.Tests.Hosting.Admin;

/// <summary>Access by tokens of a real API server.</summary>
public sealed class AdminAccessTests(TestApiFixture fixture) : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new();
    private readonly EventLogger<AccessReviews> _log = new();
    private TestApi _api = null!;
    private string _space = "";
    private CuttableProxy _proxy = null!;
    private ApiClient _client = null!;
    private AccessReviews _reviews = null!;
    private AdminAccess _sut = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await fixture.GetAsync();
        _space = await fixture.NewNamespaceAsync();
        _proxy = new CuttableProxy(_api.Server.Port);

        // The picker's own account has what system:auth-delegator grants, and nothing else.
        string own = await _api.ServiceAccountTokenAsync(_space, "epp");
        await KubectlAsync($"create clusterrolebinding delegator-{_space} --clusterrole=system:auth-delegator --serviceaccount={_space}:epp");
        await _api.RightsInForceAsync();
        Use(own);
    }

    public async ValueTask DisposeAsync()
    {
        _reviews.Dispose();
        _client.Dispose();
        await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task Token_GrantedThePath_GetsIt()
    {
        string token = await ScraperAsync();
        Assert.Null(await JudgeAsync(token));
        Assert.Equal(403, (await JudgeAsync(token, "/explain"))!.Status);
        Assert.Equal(403, (await JudgeAsync(token, method: "POST"))!.Status);
    }

    [Theory]
    [InlineData("/metrics", "\"/metrics\"")]
    [InlineData("/boards", "\"/boards\"")]
    [InlineData("/board", "\"/board\", \"/board/*\", \"/explain\"")]
    [InlineData("/board/state", "\"/board\", \"/board/*\", \"/explain\"")]
    public async Task Token_NotGranted_IsToldWhatToGrant(string path, string needed)
    {
        string token = await _api.ServiceAccountTokenAsync(_space, "stranger");
        Refusal refusal = (await JudgeAsync(token, path))!;
        Assert.Equal(
            new Refusal(
                403,
                $"system:serviceaccount:{_space}:stranger may not get {path}: grant nonResourceURLs [{needed}] with verbs [\"get\"] in a ClusterRole, and bind it to system:serviceaccount:{_space}:stranger"),
            refusal);
    }

    [Fact]
    public async Task Token_NoneOrNoBearer_IsAskedForOne()
    {
        foreach (string? header in new[] { null, "", "Bearer", "Bearer ", "Basic YTpi", "nonsense" })
        {
            Refusal refusal = (await JudgeHeaderAsync(header))!;
            Assert.Equal((401, "Bearer"), (refusal.Status, refusal.Challenge));
        }
    }

    [Fact]
    public async Task Token_UnknownOrOfADeletedAccount_Is401()
    {
        Assert.Equal((401, "Bearer error=\"invalid_token\""), Of(await JudgeAsync("not.a.token")));

        // The API server itself keeps what it knows of a token for some seconds, so this one is not shown before.
        string token = await ScraperAsync();
        await KubectlAsync($"-n {_space} delete serviceaccount scraper");
        Assert.Equal((401, "Bearer error=\"invalid_token\""), Of(await JudgeAsync(token)));
    }

    [Fact]
    public async Task Token_ForAnotherAudience_Is401()
    {
        await ScraperAsync();
        string token = (await _api.KubectlAsync($"-n {_space} create token scraper --audience=somebody-else")).Output.Trim();
        Assert.Equal(401, (await JudgeAsync(token))!.Status);
    }

    [Fact]
    public async Task Scheme_InAnyCase_IsTaken()
    {
        Assert.Null(await JudgeHeaderAsync("bearer " + await ScraperAsync()));
    }

    [Fact]
    public async Task Reviews_AskedOften_AreDoneOnceAMinute()
    {
        string token = await ScraperAsync();
        (int Tokens, int Access) before = await ReviewsAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => JudgeAsync(token)));
        for (int i = 0; i < 20; i++)
        {
            Assert.Null(await JudgeAsync(token));
        }

        (int Tokens, int Access) after = await ReviewsAsync();
        Assert.Equal((1, 1), (after.Tokens - before.Tokens, after.Access - before.Access));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await JudgeAsync(token));
        after = await ReviewsAsync();
        Assert.Equal((2, 2), (after.Tokens - before.Tokens, after.Access - before.Access));
    }

    [Fact]
    public async Task Refused_AskedOften_IsReviewedOnce()
    {
        (int Tokens, int Access) before = await ReviewsAsync();
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(401, (await JudgeAsync("not.a.token"))!.Status);
        }

        (int Tokens, int Access) after = await ReviewsAsync();
        Assert.Equal((1, 0), (after.Tokens - before.Tokens, after.Access - before.Access));
    }

    [Fact]
    public async Task ApiServer_Gone_LetsInWhomItLetInBeforeAndNobodyElse()
    {
        string token = await ScraperAsync();
        Assert.Null(await JudgeAsync(token));
        string other = await _api.ServiceAccountTokenAsync(_space, "stranger");
        _proxy.Refuse(true);
        _proxy.Reset();
        _clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Null(await JudgeAsync(token));
        Refusal refusal = (await JudgeAsync(other))!;
        Assert.Equal((503, "the API server cannot be asked who you are; the log says why"), (refusal.Status, refusal.Text));
        Assert.Contains("Failed", _log.Events);
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(503, (await JudgeAsync(token))!.Status);
        _proxy.Refuse(false);
        Assert.Null(await JudgeAsync(token));
    }

    [Fact]
    public async Task Picker_WithoutTheRightToReview_FailsClosedAndSaysSoInTheLog()
    {
        string token = await ScraperAsync();
        _reviews.Dispose();
        _client.Dispose();
        Use(await _api.ServiceAccountTokenAsync(_space, "weak"));
        Assert.Equal(503, (await JudgeAsync(token))!.Status);
        Assert.Equal(503, (await JudgeAsync(token))!.Status);
        Assert.Equal(["Failed"], _log.Events);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/explain")]
    public async Task Loopback_WithoutAToken_GetsEverything(string path)
    {
        Assert.Null(await JudgeHeaderAsync(null, path, address: "127.0.0.1"));
        Assert.Equal(
            new Refusal(
                401,
                $"show a bearer token of the cluster (Authorization: Bearer TOKEN); without one {path} answers only where the Host header is localhost or a loopback address: use http://localhost",
                "Bearer"),
            await JudgeHeaderAsync(null, path, address: "127.0.0.1", host: "attacker.example"));
    }

    private static (int Status, string Challenge) Of(Refusal? refusal) => (refusal?.Status ?? 0, refusal?.Challenge ?? "");

    private void Use(string token)
    {
        _client = TestClients.Of(TestClients.Access(_api).Through(_proxy.Port) with { Credentials = new ClusterCredentials { Token = token } });
        _reviews = new AccessReviews(_client, _clock, _log);
        _sut = new AdminAccess(_reviews, clientCertificates: false);
    }

    private async Task<string> ScraperAsync()
    {
        string token = await _api.ServiceAccountTokenAsync(_space, "scraper");
        await KubectlAsync($"create clusterrole scraper-{_space} --verb=get --non-resource-url=/metrics");
        await KubectlAsync($"create clusterrolebinding scraper-{_space} --clusterrole=scraper-{_space} --serviceaccount={_space}:scraper");
        await _api.RightsInForceAsync();
        return token;
    }

    private async Task KubectlAsync(string arguments)
    {
        KubectlResult result = await _api.KubectlAsync(arguments);
        Assert.True(result.ExitCode == 0, result.Error);
    }

    private Task<Refusal?> JudgeAsync(string token, string path = "/metrics", string method = "GET") => JudgeHeaderAsync($"Bearer {token}", path, method);

    private async Task<Refusal?> JudgeHeaderAsync(
        string? header, string path = "/metrics", string method = "GET", string address = "10.0.0.7", string host = "127.0.0.1:9090")
    {
        DefaultHttpContext context = new();
        context.Request.Method = method;
        context.Request.Path = path;
        context.Request.Scheme = "http";
        context.Request.Host = new HostString(host);
        context.Request.Headers.Authorization = header;
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return await _sut.JudgeAsync(context, null).AsTask().DefaultTimeout();
    }

    // As the API server counts them.
    private async Task<(int Tokens, int Access)> ReviewsAsync()
    {
        using ApiClient admin = TestClients.Admin(_api);
        ApiAnswer page = await admin.SendAsync(HttpMethod.Get, "/metrics", default, TestContext.Current.CancellationToken);
        string[] lines = [.. Encoding.UTF8.GetString(page.Body).Split('\n').Where(line => line.StartsWith("apiserver_request_total{", StringComparison.Ordinal))];
        return (Sum("tokenreviews"), Sum("subjectaccessreviews"));

        int Sum(string resource) => lines
            .Where(line => line.Contains($"resource=\"{resource}\"", StringComparison.Ordinal))
            .Sum(line => int.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }
}
