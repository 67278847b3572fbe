using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.PrefixCache;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Requests.Parsers;
using EndpointPicker.Core.Scheduling.Filters;
using EndpointPicker.Core.Scheduling.Producers;
using EndpointPicker.Core.Scheduling.Scorers;
using EndpointPicker.Core.Tests.Scheduling;
using Testing;

namespace EndpointPicker.Core.Tests.RequestControl;

public sealed class RequestDirectorTests
{
    [Fact]
    public void Schedule_Chat_PicksAndReserves()
    {
        DirectorFixture fixture = new(2);
        RequestState state = fixture.BeginChat();
        SchedulingResult result = fixture.Schedule(state);

        Assert.Equal(PickReason.Scheduled, result.Reason);
        Assert.True(result.IsPicked);
        Assert.Equal(1, state.Picks[0].InFlight.Requests);
        Assert.Equal(1, fixture.InFlight.Sum());
    }

    [Theory]
    [InlineData(StreamEnd.Completed)]
    [InlineData(StreamEnd.Abandoned)]
    [InlineData(StreamEnd.Refused)]
    public void End_ToldTwiceAndReset_ReleasesOnce(StreamEnd end)
    {
        DirectorFixture fixture = new(1);
        RequestState other = fixture.BeginChat();
        fixture.Schedule(other);
        RequestState state = fixture.BeginChat();
        fixture.Schedule(state);
        fixture.Director.End(state, end);
        fixture.Director.End(state, StreamEnd.Abandoned);
        state.Reset();

        Assert.Equal([1], fixture.InFlight);
    }

    [Fact]
    public void Reset_WithoutEnd_GivesThePlaceBack()
    {
        DirectorFixture fixture = new(1);
        RequestState state = fixture.BeginChat();
        fixture.Schedule(state);
        state.Reset();

        Assert.Equal([0], fixture.InFlight);
    }

    [Fact]
    public void End_AfterTheEndpointCameBack_ReachesTheOldIncarnation()
    {
        DirectorFixture fixture = new(1);
        RequestState state = fixture.BeginChat();
        fixture.Schedule(state);
        Endpoint old = fixture.Pool.Endpoints[0];
        fixture.Pool.Pool.Replace([]);
        fixture.Pool.Pool.Replace([TestPool.Describe(0)]);
        fixture.Director.End(state, StreamEnd.Completed);

        Assert.NotSame(old, fixture.Pool.Endpoints[0]);
        Assert.Equal(0, old.InFlight.Requests);
        Assert.Equal([0], fixture.InFlight);
    }

    [Fact]
    public void Schedule_CompressedBody_IsPickedOnHeaders()
    {
        DirectorFixture fixture = new(2);
        RequestState state = DirectorFixture.State("POST", "/v1/chat/completions");
        state.Request.Headers.Add("content-encoding"u8, "gzip"u8);
        Assert.False(fixture.Director.Begin(state));
        fixture.Director.Append(state, [0x1f, 0x8b, 8, 0]);
        SchedulingResult result = fixture.Schedule(state);

        Assert.Equal(PickReason.HeadersOnly, result.Reason);
        Assert.Single(state.Picks.ToArray());
        Assert.Equal(1, fixture.InFlight.Sum());
    }

    [Fact]
    public void Schedule_BadBody_Is400WithBothTexts()
    {
        DirectorFixture fixture = new(1);
        RequestState state = fixture.BeginChat();
        state.Reader = new FakeReader(state.Request, "m", new RequestError("ours") { ReferenceMessage = "theirs", Parameter = "messages" });
        SchedulingResult result = fixture.Schedule(state);

        Assert.Equal((PickReason.BadRequest, InferenceErrorCode.BadRequest, "ours", "theirs"), (result.Reason, result.Error, result.Message, result.ReferenceMessage));
        Assert.Equal("messages", result.Parameter);
        Assert.Null(result.DroppedReason);
        Assert.Equal([0], fixture.InFlight);
    }

    [Fact]
    public void Schedule_NoModel_Is400UnlessTheBodyWasCut()
    {
        DirectorFixture fixture = new(1);
        Assert.Equal("model not found in request body", fixture.Schedule(fixture.BeginChat("")).Message);
        Assert.Equal(PickReason.BodyCut, fixture.Schedule(fixture.BeginChat(""), BodyEnd.Cut).Reason);
    }

    [Theory]
    [InlineData("x-llm-d-model-name-rewrite")]
    [InlineData("x-gateway-model-name-rewrite")]
    public void Schedule_RewriteHeader_IsTheTargetModel(string header)
    {
        DirectorFixture fixture = new(1);
        RequestState state = fixture.BeginChat("", (header, "tuned"));

        Assert.True(fixture.Schedule(state).IsPicked);
        Assert.Equal(("", "tuned"), (state.Request.Model, state.Request.TargetModel));
    }

    [Fact]
    public void Begin_FairnessHeaders_NewNameBeatsTheAlias()
    {
        DirectorFixture fixture = new(1);
        (string, string) alias = ("x-gateway-inference-fairness-id", "old");

        Assert.Equal("default-flow", fixture.Begin().Request.FairnessId);
        Assert.Equal("old", fixture.Begin(alias).Request.FairnessId);
        Assert.Equal("new", fixture.Begin(alias, ("x-llm-d-inference-fairness-id", "new")).Request.FairnessId);
        Assert.Equal("default-flow", fixture.Begin(alias, ("x-llm-d-inference-fairness-id", "")).Request.FairnessId);
    }

    [Fact]
    public void Schedule_EmptyPool_Is503WithReason()
    {
        DirectorFixture fixture = new(0);
        foreach (SchedulingResult result in new[]
        {
            fixture.Schedule(fixture.BeginChat()), fixture.Schedule(fixture.Begin(), BodyEnd.None),
            fixture.Director.ScheduleNow(fixture.Begin(), PickReason.DeadlineExceeded),
        })
        {
            Assert.Equal((PickReason.NoEndpoints, InferenceErrorCode.ServiceUnavailable), (result.Reason, result.Error));
            Assert.Equal("rejected-no-endpoints", result.DroppedReason);
            Assert.Equal("failed to find endpoint candidates for serving the request", result.ReferenceMessage);
        }
    }

    [Fact]
    public void Schedule_HeadersOnlyOnEmptyPoolOfTheReference_Is500()
    {
        DirectorFixture fixture = new(0, policy: p => p with { ReferenceCompatible = true });
        RequestState state = fixture.Begin((":method", "GET"));
        SchedulingResult result = fixture.Schedule(state, BodyEnd.None);

        Assert.Equal((InferenceErrorCode.Internal, "no pods available in datastore"), (result.Error, result.Message));
    }

    [Fact]
    public void Schedule_FiltersLeaveNone_Is429WithReason()
    {
        DirectorFixture fixture = new(2, FakePlugins.Scheduler([new FakePlugins.Keep()], []));
        SchedulingResult result = fixture.Schedule(fixture.BeginChat());

        Assert.Equal((PickReason.Saturated, InferenceErrorCode.ResourceExhausted, "rejected-saturated"), (result.Reason, result.Error, result.DroppedReason));
    }

    [Theory]
    [InlineData(-1, 5, true)]
    [InlineData(-1, 4, false)]
    [InlineData(0, 50, false)]
    public void Schedule_Sheddable_IsShedFromSaturationOneOn(int priority, int waiting, bool shed)
    {
        UtilizationDetector detector = new(new ManualTimeProvider(), new UtilizationDetectorOptions());
        DirectorFixture fixture = new(1, policy: p => p with { SaturationDetector = detector });
        fixture.Pool.Publish(0, new EndpointSignals { WaitingRequests = waiting, KvCacheUsage = 0 });
        RequestState state = fixture.BeginChat();
        state.Request.Priority = priority;
        SchedulingResult result = fixture.Schedule(state);

        Assert.Equal(shed, !result.IsPicked);
        if (shed)
        {
            Assert.Equal((PickReason.Shed, InferenceErrorCode.ResourceExhausted, "rejected-saturated"), (result.Reason, result.Error, result.DroppedReason));
            Assert.Equal("system saturated, sheddable request dropped", result.Message);
        }
    }

    [Fact]
    public void Schedule_Subset_IsComparedWithThePort()
    {
        DirectorFixture fixture = new(3);
        RequestState state = fixture.BeginChat();
        state.Request.Subset.Begin();
        state.Request.Subset.Add("10.0.0.2:8000"u8);
        state.Request.Subset.Add("10.0.0.3:9999"u8);
        Assert.Equal(PickReason.Scheduled, fixture.Schedule(state).Reason);
        Assert.Equal("pod-1", state.Picks[0].Name);

        RequestState none = fixture.BeginChat();
        none.Request.Subset.Begin();
        Assert.Equal(PickReason.NoEndpoints, fixture.Schedule(none).Reason);
    }

    [Fact]
    public void Schedule_SubsetOfTheReference_IsComparedByAddressAlone()
    {
        DirectorFixture fixture = new(3, policy: p => p with { ReferenceCompatible = true });
        RequestState state = fixture.BeginChat();
        state.Request.Subset.Begin();
        state.Request.Subset.Add("10.0.0.3:9999"u8);
        fixture.Schedule(state);

        Assert.Equal("pod-2", state.Picks[0].Name);
    }

    [Fact]
    public void Schedule_SubsetIgnored_ReachesAll()
    {
        DirectorFixture fixture = new(1, policy: p => p with { IgnoresSubset = true });
        RequestState state = fixture.BeginChat();
        state.Request.Subset.Begin();

        Assert.True(fixture.Schedule(state).IsPicked);
    }

    [Fact]
    public void ScheduleNow_SomeFresh_TakesTheLeastInFlightAmongThem()
    {
        DirectorFixture fixture = new(3);
        fixture.Pool.Publish(0, new EndpointSignals());
        fixture.Pool.Publish(1, new EndpointSignals());
        new Reservation().Take(fixture.Pool.Endpoints[0]);
        RequestState state = fixture.Begin();
        SchedulingResult result = fixture.Director.ScheduleNow(state, PickReason.DeadlineExceeded);

        Assert.Equal(PickReason.DeadlineExceeded, result.Reason);
        Assert.Equal("pod-1", state.Picks[0].Name);
        Assert.Equal([1, 1, 0], fixture.InFlight);
    }

    [Fact]
    public void ScheduleNow_AfterAPick_MovesThePlace()
    {
        DirectorFixture fixture = new(1);
        RequestState state = fixture.BeginChat();
        fixture.Schedule(state);
        fixture.Director.ScheduleNow(state, PickReason.DeadlineExceeded);

        Assert.Equal([1], fixture.InFlight);
    }

    [Fact]
    public void Schedule_PluginFails_FallsBackAndLeaksNothing()
    {
        DirectorFixture fixture = new(2, FakePlugins.Scheduler((new FakePlugins.Broken(), 1)));
        for (int i = 0; i < 100; i++)
        {
            RequestState state = fixture.BeginChat();
            Assert.Equal(PickReason.InternalFault, fixture.Schedule(state).Reason);
            Assert.Equal(1, fixture.InFlight.Sum());
            fixture.Director.End(state, StreamEnd.Completed);
        }

        Assert.Equal([0, 0], fixture.InFlight);
    }

    [Fact]
    public void Schedule_PreferIfAvailable_Is412WithoutAHit()
    {
        FakeProducer cold = new(4, 64);
        FakeProducer warm = new(4, 64, 1);
        (string, string) prefer = ("prefer", "respond-async, If-Available;q=1");

        DirectorFixture fixture = new(1, FakePlugins.Scheduler([], [], cold));
        SchedulingResult refused = fixture.Schedule(fixture.BeginChat("m", prefer));
        Assert.Equal((PickReason.NotCached, InferenceErrorCode.PreconditionFailed), (refused.Reason, refused.Error));
        Assert.Equal([0], fixture.InFlight);

        Assert.True(fixture.Schedule(fixture.BeginChat("m", ("prefer", "if-available-not"))).IsPicked);
        DirectorFixture held = new(1, FakePlugins.Scheduler([], [], warm));
        Assert.True(held.Schedule(held.BeginChat("m", prefer)).IsPicked);
    }

    [Fact]
    public void ResponseBody_FirstToken_ReleasesTokensAndEndTheRequest()
    {
        DirectorFixture fixture = new(1, FakePlugins.Scheduler([], [], new InflightLoadProducer(null, new InflightLoadProducerOptions())));
        RequestState state = fixture.BeginChat();
        state.Request.Prompt.Tokens = 300;
        fixture.Schedule(state);
        Assert.Equal((1, 300L), (fixture.InFlight[0], fixture.Pool.Endpoints[0].InFlight.Tokens));

        HeaderTable headers = new();
        headers.Add("content-type"u8, "text/event-stream"u8);
        fixture.Director.ResponseHeaders(state, headers, default);
        fixture.Director.ResponseBody(state, ": keep-alive\n\n"u8);
        Assert.Equal(300, fixture.Pool.Endpoints[0].InFlight.Tokens);

        fixture.Director.ResponseBody(state, "data: {\"choices\":[]}\n\n"u8);
        Assert.Equal((1, 0L), (fixture.InFlight[0], fixture.Pool.Endpoints[0].InFlight.Tokens));

        fixture.Director.End(state, StreamEnd.Completed);
        Assert.Equal((0, 0L), (fixture.InFlight[0], fixture.Pool.Endpoints[0].InFlight.Tokens));
    }

    [Fact]
    public void Schedule_SamePromptAgain_GoesWhereItsPrefixIs()
    {
        ApproximatePrefixProducerOptions options = new();
        TestPool pool = new(8);
        ApproximatePrefixProducer prefixes = new(new PrefixIndex(options.Index), pool.Pool, options);
        DirectorFixture fixture = new(pool, FakePlugins.Scheduler([], [(new PrefixCacheScorer(prefixes, new PrefixCacheScorerOptions()), 1)], prefixes));
        string first = fixture.ScheduleChat("m", new string('a', 2000));
        string other = fixture.ScheduleChat("m", new string('b', 2000));
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(first, fixture.ScheduleChat("m", new string('a', 2000) + " and more"));
            Assert.Equal(other, fixture.ScheduleChat("m", new string('b', 3000)));
        }
    }

    [Fact]
    public void Begin_Paths_SayWhetherTheBodyIsWanted()
    {
        DirectorFixture fixture = new(1);
        Assert.True(fixture.Director.Begin(DirectorFixture.State("POST", "/v1/chat/completions")));
        Assert.False(fixture.Director.Begin(DirectorFixture.State("GET", "/v1/models")));
        Assert.False(fixture.Director.Begin(DirectorFixture.State("POST", "/tokenize")));
        Assert.False(fixture.Director.Begin(DirectorFixture.State("GET", "/v1/chat/completions")));
    }

    [Fact]
    public void Schedule_PathOfNoParser_Is400()
    {
        DirectorFixture fixture = new(1, policy: p => p with { Parsers = new RequestParsers(new OpenAiParser()) });
        RequestState state = DirectorFixture.State("POST", "/tokenize");
        Assert.False(fixture.Director.Begin(state));
        SchedulingResult result = fixture.Schedule(state, BodyEnd.None);

        Assert.Equal((InferenceErrorCode.BadRequest, "no parser registered matching path suffix for: /tokenize"), (result.Error, result.ReferenceMessage));
    }

    [Fact]
    public void Schedule_BodyNotSent_IsScheduledByTheProfileAndSaysSo()
    {
        DirectorFixture fixture = new(3, FakePlugins.Scheduler([new FakePlugins.Keep(2)], []));
        RequestState state = DirectorFixture.State("POST", "/v1/chat/completions");
        Assert.True(fixture.Director.Begin(state));

        Assert.Equal(PickReason.BodyNotSent, fixture.Schedule(state, BodyEnd.None).Reason);
        Assert.Equal("pod-2", state.Picks[0].Name);
    }

    [Fact]
    public void Schedule_UnreadBody_IsScheduledByTheProfile()
    {
        DirectorFixture fixture = new(3, FakePlugins.Scheduler([new FakePlugins.Keep(2)], []));
        RequestState state = DirectorFixture.State("POST", "/tokenize");
        fixture.Director.Begin(state);

        Assert.Equal(PickReason.HeadersOnly, fixture.Schedule(state, BodyEnd.None).Reason);
        Assert.Equal("pod-2", state.Picks[0].Name);
    }

    [Fact]
    public void ResponseHeaders_ServedByTheSecondPick_MovesThePlace()
    {
        DirectorFixture fixture = new(2);
        RequestState state = fixture.BeginChat();
        fixture.Schedule(state);
        Endpoint first = state.Picks[0];
        Endpoint second = fixture.Pool.Endpoints.Single(e => e != first);
        state.SetPicks([first, second]);
        fixture.Director.ResponseHeaders(state, new HeaderTable(), new UpstreamFeedback(second.DestinationUtf8, 0, 2));

        Assert.Equal((0, 1), (first.InFlight.Requests, second.InFlight.Requests));
        fixture.Director.End(state, StreamEnd.Completed);
        Assert.Equal([0, 0], fixture.InFlight);
    }
}
