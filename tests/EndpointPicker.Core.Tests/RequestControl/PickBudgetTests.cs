using System.Text;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.PrefixCache;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Scheduling.Pickers;
using EndpointPicker.Core.Scheduling.Producers;
using EndpointPicker.Core.Scheduling.Profiles;
using EndpointPicker.Core.Scheduling.Scorers;
using EndpointPicker.Core.Tests.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;
using Testing;

namespace EndpointPicker.Core.Tests.RequestControl;

/// <summary>
/// The budget of one request over 100 endpoints with the benchmark's plugins, from its headers to the end of its answer, with metrics that
/// somebody listens to, and traces that do not take it: no allocation.
/// </summary>
public sealed class PickBudgetTests : IDisposable
{
    private readonly TestPool _pool = new(100);
    private readonly RequestDirector _director;
    private readonly SilentMeters _meters = new();
    private readonly SpanRecorder _spans = new(ratio: 0);
    private readonly HeaderTable _responseHeaders = new();
    private readonly DecisionLog _log;
    private readonly RequestState _state = new();
    private readonly RequestRules _rules = new();
    private byte[] _objective = [];
    private readonly byte[][] _bodies =
    [
        .. Enumerable.Range(0, 50).Select(i => Encoding.UTF8.GetBytes(
            $$"""{"model":"sql-lora","messages":[{"role":"user","content":"{{new string((char)('A' + i), 2000)}}"}]}""")),
    ];

    public PickBudgetTests()
    {
        _log = new DecisionLog(4, _pool.Time);
        _responseHeaders.Add(":status"u8, "200"u8);
        _responseHeaders.Add("content-type"u8, "text/event-stream"u8);
        Random random = new(5);
        for (int i = 0; i < 100; i++)
        {
            _pool.Publish(i, new EndpointSignals
            {
                WaitingRequests = random.Next(10),
                RunningRequests = random.Next(30),
                KvCacheUsage = random.NextDouble(),
                MaxAdapters = i % 10 == 0 ? 0 : 4,
                RunningAdapters = i % 10 == 0 ? [] : ["sql-lora", "tuned"],
            });
        }

        ApproximatePrefixProducerOptions options = new();
        ApproximatePrefixProducer prefixes = new(new PrefixIndex(options.Index), _pool.Pool, options);
        Scheduler scheduler = new(
            new SingleProfileHandler(),
            [
                new SchedulingProfile(
                    "default",
                    [],
                    [
                        new WeightedScorer(FakePlugins.Name<IScorer>("queue-scorer", new QueueScorer(_pool.Freshness)), 2),
                        new WeightedScorer(FakePlugins.Name<IScorer>("kv-cache-utilization-scorer", new KvCacheUtilizationScorer(_pool.Freshness)), 2),
                        new WeightedScorer(FakePlugins.Name<IScorer>("lora-affinity-scorer", new LoraAffinityScorer(_pool.Freshness)), 1),
                        new WeightedScorer(FakePlugins.Name<IScorer>("prefix-cache-scorer", new PrefixCacheScorer(prefixes, new PrefixCacheScorerOptions())), 3),
                    ],
                    FakePlugins.Name<IPicker>("max-score-picker", new MaxScorePicker(new PickerOptions())))
            ],
            [FakePlugins.Name<IDataProducer>("approx-prefix-cache-producer", prefixes)],
            new SchedulingMetrics(_meters, _pool.Time));
        _director = new RequestDirector(
            _pool.Pool,
            new DecisionPolicy { Scheduler = scheduler, Freshness = _pool.Freshness, Rules = _rules },
            new RequestTelemetry(new RequestMetrics(_meters, _pool.Time), _log, NullLogger<RequestDirector>.Instance)
            {
                Pool = new PoolRequestMetrics(_meters, "pool"),
                Tracing = _spans.Tracing,
            },
            _pool.Time,
            new Random(11));
    }

    public void Dispose()
    {
        _meters.Dispose();
        _spans.Dispose();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Pick_HundredEndpoints_AllocatesNothing(bool logsDecisions, bool hasRules)
    {
        _log.Enabled = logsDecisions;
        if (hasRules)
        {
            _objective = "standard"u8.ToArray();
            _rules.ReplaceObjectives(new Dictionary<string, int> { ["batch"] = -1, ["standard"] = 3 });
            _rules.ReplaceModelPriorities(new Dictionary<string, int> { ["sql-lora"] = 2 });
            _rules.ReplaceRewrites([new ModelRewrite("canary", ["sql-lora"], [new("tuned", 90), new("sql-lora-v2", 10)])]);
        }

        Pick(200);
        Assert.Equal(0, Allocations.Least(() => Pick(1000)));
        Assert.All(_pool.Endpoints, e => Assert.Equal(0, e.InFlight.Requests));
        Assert.Equal(hasRules && logsDecisions ? ["canary"] : [], _log.Snapshot().Select(decision => decision.Rewrite).OfType<string>().Distinct());
    }

    [Fact]
    public void Pick_ObjectiveOfNobody_AllocatesNothing()
    {
        _log.Enabled = true;
        _objective = "urgent"u8.ToArray();
        _rules.ReplaceObjectives(new Dictionary<string, int> { ["batch"] = -1 });
        _rules.ReplaceRewrites([new ModelRewrite("all", [], [new("tuned", 90), new("sql-lora-v2", 10)])]);
        Pick(200);
        Assert.Equal(0, Allocations.Least(() => Pick(1000)));
    }

    private void Pick(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _state.Request.Headers.Add(":method"u8, "POST"u8);
            _state.Request.Headers.Add(":path"u8, "/v1/chat/completions"u8);
            _state.Request.Headers.Add("x-llm-d-inference-objective"u8, _objective);
            if (!_director.Begin(_state))
            {
                throw new InvalidOperationException("The body is not wanted.");
            }

            _director.Append(_state, _bodies[i % _bodies.Length]);
            ValueTask<SchedulingResult> scheduling = _director.ScheduleAsync(_state, BodyEnd.Complete, CancellationToken.None);
            if (!scheduling.IsCompletedSuccessfully || scheduling.Result.Reason != PickReason.Scheduled)
            {
                throw new InvalidOperationException("Nothing was picked.");
            }

            _director.ResponseHeaders(_state, _responseHeaders, default);
            _director.ResponseBody(_state, "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n"u8);
            _director.ResponseBody(_state, "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":500,\"completion_tokens\":9,\"total_tokens\":509}}\n\n"u8);
            _pool.Time.Advance(TimeSpan.FromTicks(1));
            _director.End(_state, StreamEnd.Completed);
            _state.Reset();
        }
    }
}
