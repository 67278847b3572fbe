using System.Net;
using System.Text.Json;
using EndpointPicker.Board;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Scheduling;
using Microsoft.AspNetCore.Http;
using Testing;
using Endpoint = EndpointPicker.Core.Endpoints.Endpoint;

namespace EndpointPicker.Tests.Board;

public sealed class StatePageTests
{
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(2);

    private readonly ManualTimeProvider _time = new();
    private readonly EndpointPool _pool = new("pool");
    private readonly EndpointPool _other = new("other");
    private readonly FakeBoardSource _source = new();
    private readonly List<SchedulingProfile> _profiles = [];
    private readonly StatePage _sut;

    public StatePageTests()
    {
        PoolDirectory pools = new([]);
        pools.Replace([TestPools.Direct(_pool, _profiles, _time), TestPools.Direct(_other, [], _time)]);
        _sut = new StatePage(new BoardSubject(pools, StaleAfter), _source, new DecisionLog(4, _time), _time);
    }

    [Theory]
    [InlineData("", "pool")]
    [InlineData("?pool=pool", "pool")]
    [InlineData("?pool=other", "other")]
    public async Task Pool_OfTheQuery_IsShownAndAllAreNamed(string query, string expected)
    {
        JsonElement state = await ReadAsync(query);
        Assert.Equal(expected, state.GetProperty("pool").GetString());
        Assert.Equal(["pool", "other"], state.GetProperty("pools").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task Endpoint_NeverScraped_HasNullSignalsAndIsStale()
    {
        Join("a");
        JsonElement endpoint = (await ReadAsync()).GetProperty("endpoints")[0];
        foreach (string name in (string[])["ageSeconds", "queue", "running", "kv", "adapters"])
        {
            Assert.Equal(JsonValueKind.Null, endpoint.GetProperty(name).ValueKind);
        }

        Assert.True(endpoint.GetProperty("stale").GetBoolean());
        Assert.Equal("default", endpoint.GetProperty("namespace").GetString());
        Assert.Equal("a", endpoint.GetProperty("name").GetString());
        Assert.Equal("10.0.0.1:8000", endpoint.GetProperty("destination").GetString());
        Assert.Equal(0, endpoint.GetProperty("inFlight").GetInt32());
        Assert.Equal(0, endpoint.GetProperty("picks").GetInt64());
    }

    [Fact]
    public async Task Endpoint_Scraped_ShowsWhatTheServerTellsAndNoMore()
    {
        Endpoint one = Join("a");
        one.Publish(new EndpointSignals { WaitingRequests = 0, KvCacheUsage = 0.123456, RunningAdapters = ["x"], MaxAdapters = 4 }, _time.GetTimestamp());
        one.InFlight.Reserve();
        one.InFlight.AddTokens(70);
        _source.Figures = _source.Figures with { Picks = new Dictionary<(string, string), long> { [("default", "a")] = 9, [("other", "a")] = 100 } };
        _time.Advance(TimeSpan.FromMilliseconds(1500));

        JsonElement endpoint = (await ReadAsync()).GetProperty("endpoints")[0];
        Assert.Equal(0, endpoint.GetProperty("queue").GetInt32());
        Assert.Equal(JsonValueKind.Null, endpoint.GetProperty("running").ValueKind);
        Assert.Equal(0.1235, endpoint.GetProperty("kv").GetDouble());
        Assert.Equal(1.5, endpoint.GetProperty("ageSeconds").GetDouble());
        Assert.False(endpoint.GetProperty("stale").GetBoolean());
        Assert.Equal(1, endpoint.GetProperty("inFlight").GetInt32());
        Assert.Equal(70, endpoint.GetProperty("inFlightTokens").GetInt64());
        Assert.Equal(9, endpoint.GetProperty("picks").GetInt64());
        Assert.Equal("""{"slots":4,"loaded":1,"names":["x"]}""", endpoint.GetProperty("adapters").GetRawText());
    }

    [Fact]
    public async Task Endpoint_SignalsOlderThanTheThreshold_IsStaleAndKeepsThem()
    {
        Join("a").Publish(new EndpointSignals { WaitingRequests = 3 }, _time.GetTimestamp());
        _time.Advance(StaleAfter + TimeSpan.FromMilliseconds(1));
        JsonElement endpoint = (await ReadAsync()).GetProperty("endpoints")[0];
        Assert.True(endpoint.GetProperty("stale").GetBoolean());
        Assert.Equal(3, endpoint.GetProperty("queue").GetInt32());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public async Task Endpoint_CacheUseThatIsNoNumber_IsNull(double use)
    {
        Join("a").Publish(new EndpointSignals { KvCacheUsage = use }, _time.GetTimestamp());
        Assert.Equal(JsonValueKind.Null, (await ReadAsync()).GetProperty("endpoints")[0].GetProperty("kv").ValueKind);
    }

    [Fact]
    public async Task Endpoint_ManyAdapters_ListsTheFirstAndCountsAll()
    {
        Join("a").Publish(new EndpointSignals { RunningAdapters = [.. Enumerable.Range(0, 20).Select(i => $"lora-{i}")] }, _time.GetTimestamp());
        JsonElement adapters = (await ReadAsync()).GetProperty("endpoints")[0].GetProperty("adapters");
        Assert.Equal(20, adapters.GetProperty("loaded").GetInt32());
        Assert.Equal(8, adapters.GetProperty("names").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, adapters.GetProperty("slots").ValueKind);
    }

    [Fact]
    public async Task Pool_LargerThanTheLimit_IsCutAndCounted()
    {
        _pool.Replace([.. Enumerable.Range(0, 5001).Select(i => Describe($"e{i}", i))]);
        JsonElement state = await ReadAsync();
        Assert.Equal(5001, state.GetProperty("endpointCount").GetInt32());
        Assert.Equal(5000, state.GetProperty("endpoints").GetArrayLength());
    }

    [Fact]
    public async Task Process_Figures_AreShownAsTheyAre()
    {
        _source.Figures = _source.Figures with
        {
            NotReady = "draining",
            Requests = 1,
            Errors = 2,
            Streams = 3,
            FailedPicks = 4,
            Scrapes = 5,
            ScrapeErrors = 6,
            DecisionTimeBounds = [0.5],
            DecisionTimes = [7, 8],
        };
        _profiles.Add(new SchedulingProfile("p", [new("f", "filter", null!)], [new(new("s", "scorer", null!), 2.5)], new("m", "picker", null!)));
        _time.Advance(TimeSpan.FromSeconds(61));
        JsonElement state = await ReadAsync();
        Assert.Equal("pool", state.GetProperty("pool").GetString());
        Assert.Equal("1.2.3", state.GetProperty("version").GetString());
        Assert.Equal(61, state.GetProperty("uptimeSeconds").GetDouble());
        Assert.Equal(2, state.GetProperty("staleAfterSeconds").GetDouble());
        Assert.Equal("draining", state.GetProperty("notReady").GetString());
        Assert.Equal("""[{"name":"p","filters":["filter"],"scorers":[{"name":"scorer","weight":2.5}],"picker":"picker"}]""", state.GetProperty("profiles").GetRawText());
        Assert.Equal("""{"requests":1,"errors":2,"failedPicks":4,"scrapes":5,"scrapeErrors":6}""", state.GetProperty("counts").GetRawText());
        Assert.Equal(3, state.GetProperty("streams").GetInt64());
        Assert.Equal("""{"bounds":[0.5],"buckets":[7,8]}""", state.GetProperty("decisionTimes").GetRawText());
        Assert.Equal(0, state.GetProperty("decisionsRecorded").GetInt64());
    }

    [Fact]
    public async Task Streams_NotCounted_AreNull() => Assert.Equal(JsonValueKind.Null, (await ReadAsync()).GetProperty("streams").ValueKind);

    private static EndpointDescription Describe(string name, int number) =>
        new("default", name, new IPEndPoint(new IPAddress([10, 0, (byte)(number >> 8), (byte)(number + 1)]), 8000), new Dictionary<string, string>());

    private Endpoint Join(string name)
    {
        _pool.Replace([Describe(name, 0)]);
        return _pool.Current.Endpoints[0];
    }

    private async Task<JsonElement> ReadAsync(string query = "")
    {
        PageAnswer answer = await PageAnswer.OfAsync(async context =>
        {
            context.Request.QueryString = new QueryString(query);
            await _sut.HandleAsync(context);
        });
        Assert.Equal(200, answer.Status);
        Assert.Equal("application/json", answer.Headers.ContentType);
        Assert.Equal("no-store", answer.Headers.CacheControl);
        using JsonDocument document = JsonDocument.Parse(answer.Body);
        return document.RootElement.Clone();
    }
}
