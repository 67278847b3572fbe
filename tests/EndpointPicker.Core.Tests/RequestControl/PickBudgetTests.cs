using System.Diagnostics;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.PrefixCache;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Scheduling.Pickers;
using EndpointPicker.Core.Scheduling.Producers;
using EndpointPicker.Core.Scheduling.Profiles;
using EndpointPicker.Core.Scheduling.Scorers;
using EndpointPicker.Core.Tests.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;

namespace EndpointPicker.Core.Tests.RequestControl;

/// <summary>The budget of one pick over 100 endpoints with the benchmark's plugins: no allocation.</summary>
public sealed class PickBudgetTests
{
    private readonly TestPool _pool = new(100);
    private readonly RequestDirector _director;
    private readonly DecisionLog _log = new(4);
    private readonly RequestState _state = new();

    public PickBudgetTests()
    {
        Random random = new(5);
        for (int i = 0; i < 100; i++)
        {
            _pool.Publish(i, new EndpointSignals
            {
                WaitingRequests = random.Next(10),
                RunningRequests = random.Next(30),
                KvCacheUsage = random.NextDouble(),
                MaxAdapters = 4,
                RunningAdapters = ["sql-lora", "tuned"],
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
            [FakePlugins.Name<IDataProducer>("approx-prefix-cache-producer", prefixes)]);
        _director = new RequestDirector(
            _pool.Pool,
            new DecisionPolicy { Scheduler = scheduler, Freshness = _pool.Freshness },
            new RequestTelemetry(null, _log, NullLogger<RequestDirector>.Instance),
            _pool.Time,
            new Random(11));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pick_HundredEndpoints_AllocatesNothing(bool logsDecisions)
    {
        _log.Enabled = logsDecisions;
        Pick(200);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Pick(1000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.All(_pool.Endpoints, e => Assert.Equal(0, e.InFlight.Requests));
    }

    [Fact(Explicit = true)]
    public void Pick_HundredEndpoints_Duration()
    {
        Pick(100_000);
        for (int round = 0; round < 5; round++)
        {
            long start = Stopwatch.GetTimestamp();
            Pick(100_000);
            TestContext.Current.TestOutputHelper!.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalNanoseconds / 100_000:F0} ns");
        }
    }

    private void Pick(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _state.Request.Headers.Add(":method"u8, "POST"u8);
            _director.Begin(_state);
            _state.Request.TargetModel = "sql-lora";
            Span<ulong> chain = _state.Request.Prompt.AddChain(8);
            chain.Fill((ulong)(i % 50) + 1);
            _state.Request.Prompt.BlockTokens = 64;
            ValueTask<SchedulingResult> scheduling = _director.ScheduleAsync(_state, BodyEnd.Complete, CancellationToken.None);
            if (!scheduling.IsCompletedSuccessfully || !scheduling.Result.IsPicked)
            {
                throw new InvalidOperationException("Nothing was picked.");
            }

            _director.End(_state, StreamEnd.Completed);
            _state.Reset();
        }
    }
}
