using System.Buffers;
using System.Text;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.PrefixCache;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Scheduling.Producers;
using EndpointPicker.Core.Scheduling.Profiles;
using EndpointPicker.Core.Scheduling.Scorers;
using EndpointPicker.Core.Tests.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;

namespace EndpointPicker.Core.Tests.RequestControl;

public sealed class RehearsalTests : IDisposable
{
    private readonly TestPool _pool = new(3);
    private readonly PrefixIndex _index = new(new ApproximatePrefixProducerOptions().Index);
    private readonly MetricsRecorder _metrics = new();
    private readonly DirectorFixture _fixture;
    private readonly Rehearsal _sut;
    private DecisionPolicy? _policy;

    public RehearsalTests()
    {
        ApproximatePrefixProducer prefixes = new(_index, _pool.Pool, new ApproximatePrefixProducerOptions());
        InflightLoadProducer load = new(prefixes, new InflightLoadProducerOptions());
        Scheduler scheduler = new(
            new SingleProfileHandler(),
            [
                FakePlugins.Profile(
                    [],
                    [
                        (new QueueScorer(_pool.Freshness), 1),
                        (new LoraAffinityScorer(_pool.Freshness), 1),
                        (new PrefixCacheScorer(prefixes, new PrefixCacheScorerOptions()), 3),
                        (new NoHitLruScorer(prefixes, _pool.Pool, new NoHitLruScorerOptions()), 0.25),
                        (new TokenLoadScorer(load, new TokenLoadScorerOptions()), 1),
                    ]),
            ],
            [FakePlugins.Name<IDataProducer>("prefixes", prefixes), FakePlugins.Name<IDataProducer>("load", load)],
            new SchedulingMetrics(_metrics, _pool.Time));
        _fixture = new DirectorFixture(_pool, scheduler, made => _policy = made, new RequestMetrics(_metrics, _pool.Time));
        _fixture.Log.Enabled = true;
        _sut = new Rehearsal(_pool.Pool, _policy!, NullLogger<RequestDirector>.Instance, _pool.Time, new Random(3));
        for (int i = 0; i < 3; i++)
        {
            _pool.Publish(i, new EndpointSignals { WaitingRequests = 4 - i, MaxAdapters = 2, RunningAdapters = ["m"] });
        }
    }

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Decide_AThousandTimes_ChangesNothing()
    {
        _fixture.ScheduleChat("m", new string('a', 4000));
        int blocks = _index.Count;
        long recorded = _fixture.Log.Recorded;
        int measurements = _metrics.Count;
        for (int i = 0; i < 1000; i++)
        {
            (SchedulingResult result, _) = Rehearse(Chat($"m{i % 3}", new string((char)('a' + (i % 20)), 4000)));
            Assert.True(result.IsPicked);
        }

        Assert.Equal(blocks, _index.Count);
        Assert.Equal(recorded, _fixture.Log.Recorded);
        Assert.Equal(measurements, _metrics.Count);
        Assert.Equal([0, 0, 0], _fixture.InFlight);
        Assert.All(_pool.Endpoints, endpoint => Assert.Equal(0, endpoint.InFlight.Tokens));
    }

    [Theory]
    [InlineData("cold")]
    [InlineData("warm")]
    public void Decide_ThenTheRealRequest_AgreeInAllThatIsTold(string prompt)
    {
        _fixture.ScheduleChat("m", string.Concat(Enumerable.Repeat("warm", 1000)));
        string content = string.Concat(Enumerable.Repeat(prompt, 1000));
        (_, Decision rehearsed) = Rehearse(Chat("m", content));
        string picked = _fixture.ScheduleChat("m", content);
        Decision real = _fixture.Log.Snapshot()[0];

        Assert.Equal(picked, rehearsed.Pick?.Endpoint);
        Assert.Equal(-1, rehearsed.Sequence);
        Assert.Equal(real.Picks, rehearsed.Picks);
        Assert.Equal((real.Model, real.TargetModel, real.Reason, real.PromptTokens, real.PromptBlocks), (rehearsed.Model, rehearsed.TargetModel, rehearsed.Reason, rehearsed.PromptTokens, rehearsed.PromptBlocks));
        Assert.Equal(real.RunnerUp?.Endpoint, rehearsed.RunnerUp?.Endpoint);
        Assert.Equal(real.Scorers, rehearsed.Scorers);
        Assert.Equal(
            real.Candidates.Select(c => (c.Endpoint, c.Total, c.InFlight, c.InFlightTokens, c.PrefixBlocks, c.HoldsAdapter, string.Join(' ', c.Scores))),
            rehearsed.Candidates.Select(c => (c.Endpoint, c.Total, c.InFlight, c.InFlightTokens, c.PrefixBlocks, c.HoldsAdapter, string.Join(' ', c.Scores))));
        Assert.Equal(prompt == "warm", rehearsed.Pick!.PrefixBlocks > 0);
    }

    [Fact]
    public void Decide_Rewritten_DrawsFromASourceOfItsOwnAndIsNotCounted()
    {
        ModelRewriteTarget[] halves = [new("a", 1), new("b", 1)];
        _policy!.Rules.ReplaceRewrites([new ModelRewrite("halves", ["m"], halves)]);
        string[] alone = [.. Enumerable.Range(0, 40).Select(_ => Real())];
        RehearsalTests other = new();
        other._policy!.Rules.ReplaceRewrites([new ModelRewrite("halves", ["m"], halves)]);
        HashSet<string> rehearsed = [];
        string[] between = [.. Enumerable.Range(0, 40).Select(_ =>
        {
            rehearsed.Add(other.Rehearse(Chat("m", "x")).Decision.TargetModel);
            return other.Real();
        })];

        Assert.Equal(alone, between);
        Assert.Equal(["a", "b"], rehearsed.Order());
        Assert.Equal(40, other._metrics.Of("llm_d_epp_model_rewrite_decisions_total").Length);
        other.Dispose();
    }

    [Fact]
    public void Decide_BadBody_IsRefusedAsTheRealOneIs()
    {
        (SchedulingResult result, Decision decision) = Rehearse("{"u8.ToArray());
        RequestState state = DirectorFixture.State("POST", "/v1/chat/completions");
        _fixture.Director.Begin(state);
        _fixture.Director.Append(state, "{"u8);

        Assert.Equal(_fixture.Schedule(state), result);
        Assert.Equal(PickReason.BadRequest, decision.Reason);
    }

    [Fact]
    public void Decide_WithoutBody_IsTheFallbackOfARequestWithoutOne()
    {
        (SchedulingResult result, Decision decision) = Rehearse([]);

        Assert.Equal(PickReason.HeadersOnly, result.Reason);
        Assert.Null(decision.Profile);
        Assert.Equal([0, 0, 0], _fixture.InFlight);
    }

    [Fact]
    public void Decide_EmptyPool_SaysSo()
    {
        _pool.Pool.Replace([]);
        Assert.Equal((PickReason.NoEndpoints, InferenceErrorCode.ServiceUnavailable), Of(Rehearse(Chat("m", "x")).Result));

        static (PickReason, InferenceErrorCode) Of(SchedulingResult result) => (result.Reason, result.Error);
    }

    private static byte[] Chat(string model, string content) =>
        Encoding.UTF8.GetBytes($$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{content}}"}]}""");

    private string Real()
    {
        _fixture.ScheduleChat("m", "x");
        return _fixture.Log.Snapshot(1)[0].TargetModel;
    }

    private (SchedulingResult Result, Decision Decision) Rehearse(byte[] body)
    {
        RequestState request = Rehearsal.NewRequest();
        request.Request.Headers.Add(":method"u8, "POST"u8);
        request.Request.Headers.Add(":path"u8, "/v1/chat/completions"u8);
        SchedulingResult result = _sut.Decide(request, new ReadOnlySequence<byte>(body), out Decision decision);
        return (result, decision);
    }
}
