using System.Text;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Tests.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;
using Testing;

namespace EndpointPicker.Core.Tests.RequestControl;

public sealed class PoolDirectoryTests
{
    private const string Chat = """{"model":"m","messages":[{"role":"user","content":"hello"}]}""";

    private readonly ManualTimeProvider _time = new();
    private readonly DecisionLog _decisions;
    private readonly Dictionary<string, DirectedPool> _pools;

    public PoolDirectoryTests()
    {
        _decisions = new DecisionLog(8, _time);
        _pools = "a b c".Split(' ').ToDictionary(name => name, Direct);
    }

    [Theory]
    [InlineData("b", "b")]
    [InlineData("nobody", "a")]
    public void Begin_OnePool_TakesEveryRequestWhateverItNames(string named, string route)
    {
        PoolDirectory sut = CreateSut([], "a");
        RequestState state = State(("x-llm-d-inference-pool", named));
        state.Request.SetRouteName(Encoding.UTF8.GetBytes(route));

        Assert.Same(_pools["a"].Director, sut.Begin(state));
        Assert.Null(state.PoolError);
    }

    [Theory]
    [InlineData(null, null, "a")]
    [InlineData("x-llm-d-inference-pool", "c", "c")]
    [InlineData("x-gateway-inference-pool", "b", "b")]
    [InlineData("x-llm-d-inference-pool", "", "a")]
    public void Begin_SeveralPools_TheHeaderDecidesElseTheFirst(string? header, string? value, string expected)
    {
        PoolDirectory sut = CreateSut([], "a", "b", "c");
        RequestState state = header is null ? State() : State((header, value!));

        Assert.Equal(expected, Begin(sut, state));
    }

    [Theory]
    [InlineData("httproute/default/chat/rule/0/match/0/*", "b")]
    [InlineData("httproute/default/chat-large/rule/0", "c")]
    [InlineData("httproute/default/other", "a")]
    [InlineData("", "a")]
    public void Begin_WithRoutes_TheLongestPrefixDecidesBeforeTheHeader(string route, string expected)
    {
        PoolDirectory sut = CreateSut([new PoolRoute("httproute/default/chat", "b"), new PoolRoute("httproute/default/chat-large/", "c")], "a", "b", "c");
        RequestState state = State(("x-llm-d-inference-pool", "a"));
        state.Request.SetRouteName(Encoding.UTF8.GetBytes(route));

        Assert.Equal(expected, Begin(sut, state));
    }

    [Theory]
    [InlineData(0, "b")]
    [InlineData(1, "a")]
    public void Begin_RouteLongerThanWhatIsKept_IsComparedWithTheLongestPrefixThereMayBe(int others, string expected)
    {
        string prefix = new('p', InferenceRequest.LongestRouteName);
        PoolDirectory sut = CreateSut([new PoolRoute(prefix, "b")], "a", "b");
        RequestState state = State();
        state.Request.SetRouteName(Encoding.UTF8.GetBytes(prefix[others..] + new string('x', 100)));

        Assert.Equal(expected, Begin(sut, state));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", Chat)]
    public async Task Schedule_PoolThatIsNotServed_IsRefusedAndSaysWhichThereAre(string method, string body)
    {
        _decisions.Enabled = true;
        PoolDirectory sut = CreateSut([], "a", "b");
        RequestState state = State(method, ("x-llm-d-inference-pool", "z"), ("x-llm-d-inference-objective", "urgent"));
        RequestDirector director = sut.Begin(state);
        Assert.False(director.Begin(state), "a body that nobody will read is waited for");
        director.Append(state, Encoding.UTF8.GetBytes(body));
        BodyEnd end = body.Length == 0 ? BodyEnd.None : BodyEnd.Complete;

        SchedulingResult scheduled = await director.ScheduleAsync(state, end, CancellationToken.None);
        SchedulingResult fallback = director.ScheduleNow(state, PickReason.DeadlineExceeded);

        foreach (SchedulingResult result in new[] { scheduled, fallback })
        {
            Assert.Equal((PickReason.UnknownPool, InferenceErrorCode.BadRequest), (result.Reason, result.Error));
            Assert.Equal("no inference pool \"z\" is served here; there are a, b", result.Message);
        }

        Assert.All(_pools.Values, pool => Assert.Equal(0, pool.Endpoints.Current.Endpoints[0].InFlight.Requests));
        Assert.All(_decisions.Snapshot(), decision => Assert.Equal(("", PickReason.UnknownPool, 0, 0), (decision.Pool, decision.Reason, decision.PoolSize, decision.Priority)));
        Assert.Equal(2, _decisions.Recorded);
    }

    [Fact]
    public void Schedule_NameLongerThanAnyPools_IsRepeatedInPart()
    {
        PoolDirectory sut = CreateSut([], "a", "b");
        RequestState state = State(("x-llm-d-inference-pool", new string('z', 10_000)));
        SchedulingResult result = sut.Begin(state).ScheduleNow(state, PickReason.HeadersOnly);

        Assert.Equal($"no inference pool \"{new string('z', 253)}\" is served here; there are a, b", result.Message);
    }

    [Fact]
    public void Begin_StateThatGoesFromPoolToPool_AllocatesNothingOnceBothHaveSeenIt()
    {
        PoolDirectory sut = CreateSut([], "a", "b");
        RequestState state = new();
        byte[] body = Encoding.UTF8.GetBytes(Chat);

        void Both()
        {
            Serve(sut, state, "a"u8, body);
            Serve(sut, state, "b"u8, body);
        }

        Both();
        Assert.Equal(0, Allocations.Least(Both));
        Assert.All(_pools.Values, pool => Assert.Equal(0, pool.Endpoints.Current.Endpoints[0].InFlight.Requests));
    }

    [Fact]
    public void Replace_WhileARequestIsUnderWay_ItsPoolStaysItsOwn()
    {
        PoolDirectory sut = CreateSut([], "a", "b");
        RequestState state = State(("x-llm-d-inference-pool", "b"));
        RequestDirector director = sut.Begin(state);
        director.Begin(state);
        sut.Replace([_pools["a"]]);

        director.Append(state, Encoding.UTF8.GetBytes(Chat));
        Assert.True(director.ScheduleNow(state, PickReason.DeadlineExceeded).IsPicked);

        Assert.Equal("b", state.Pool!.Name);
        Assert.Equal(1, _pools["b"].Endpoints.Current.Endpoints[0].InFlight.Requests);
        director.End(state, StreamEnd.Completed);
        Assert.Equal(0, _pools["b"].Endpoints.Current.Endpoints[0].InFlight.Requests);
    }

    private static void Serve(PoolDirectory pools, RequestState state, ReadOnlySpan<byte> pool, byte[] body)
    {
        state.Request.Headers.Add(":method"u8, "POST"u8);
        state.Request.Headers.Add(":path"u8, "/v1/chat/completions"u8);
        state.Request.Headers.Add("x-llm-d-inference-pool"u8, pool);
        RequestDirector director = pools.Begin(state);
        director.Begin(state);
        director.Append(state, body);
        Assert.True(director.ScheduleNow(state, PickReason.DeadlineExceeded).IsPicked);
        director.End(state, StreamEnd.Completed);
        state.Reset();
    }

    private static string Begin(PoolDirectory pools, RequestState state)
    {
        pools.Begin(state);
        return state.Pool!.Name;
    }

    private static RequestState State(params (string Name, string Value)[] headers) => State("POST", headers);

    private static RequestState State(string method, params (string Name, string Value)[] headers)
    {
        RequestState state = DirectorFixture.State(method, "/v1/chat/completions");
        foreach ((string name, string value) in headers)
        {
            state.Request.Headers.Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        }

        return state;
    }

    private PoolDirectory CreateSut(IReadOnlyList<PoolRoute> routes, params string[] names)
    {
        PoolDirectory pools = new(routes);
        pools.Replace([.. names.Select(name => _pools[name])]);
        return pools;
    }

    private DirectedPool Direct(string name)
    {
        EndpointPool endpoints = new(name);
        endpoints.Replace([new EndpointDescription("default", name, new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 8000), new Dictionary<string, string>())]);
        DecisionPolicy policy = new()
        {
            Scheduler = FakePlugins.Scheduler(),
            Freshness = new Core.Scheduling.FreshnessPolicy(_time, TimeSpan.FromSeconds(2)),
            Rules = new RequestRules(NullLogger<RequestRules>.Instance),
        };
        policy.Rules.ReplaceObjectives(new Dictionary<string, int> { ["urgent"] = 7 });
        return new DirectedPool(endpoints)
        {
            Policy = policy,
            Director = new RequestDirector(endpoints, policy, new RequestTelemetry(null, _decisions, NullLogger<RequestDirector>.Instance), _time, new Random(1)),
            Rehearsal = new Rehearsal(endpoints, policy, NullLogger<RequestDirector>.Instance, _time, new Random(1)),
            Profiles = [],
        };
    }
}
