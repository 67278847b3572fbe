using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.PrefixCache;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Scheduling.Producers;
using EndpointPicker.Core.Scheduling.Scorers;
using EndpointPicker.Core.Tests.Scheduling;

namespace EndpointPicker.Core.Tests.RequestControl;

public sealed class ConcurrencyTests
{
    /// <summary>
    /// All 64 picks have scored, and seen eight idle endpoints, before any of them reserves. Without reserve inside the pick, chance would
    /// place them: all eight within one of the mean happens once in a thousand runs.
    /// </summary>
    [Fact]
    public async Task Schedule_SixtyFourAtOnce_SpreadEvenlyOverEqualEndpoints()
    {
        using Barrier scored = new(64);
        using ThreadLocal<bool> waited = new();
        FakePlugins.Then scorer = new(
            new ActiveRequestScorer(new ActiveRequestScorerOptions()),
            () =>
            {
                if (!waited.Value)
                {
                    waited.Value = true;
                    scored.SignalAndWait(TestContext.Current.CancellationToken);
                }
            });
        DirectorFixture fixture = new(8, FakePlugins.Scheduler((scorer, 1)));
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Factory.StartNew(
            () => fixture.Schedule(fixture.BeginChat()), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Equal(64, fixture.InFlight.Sum());
        Assert.All(fixture.InFlight, n => Assert.InRange(n, 7, 9));
    }

    [Fact]
    public void Schedule_OneAfterTheOther_AreExactlyEven()
    {
        DirectorFixture fixture = new(8);
        for (int i = 0; i < 64; i++)
        {
            fixture.Schedule(fixture.BeginChat());
        }

        Assert.All(fixture.InFlight, n => Assert.Equal(8, n));
    }

    /// <summary>Threads pick, answer and end in every way while membership churns and scrapes come; at the end nothing is left anywhere.</summary>
    [Fact]
    public async Task Counters_UnderChurn_ComeBackToZero()
    {
        TestPool pool = new(16);
        ApproximatePrefixProducerOptions options = new();
        ApproximatePrefixProducer prefixes = new(new PrefixIndex(options.Index), pool.Pool, options);
        InflightLoadProducer load = new(prefixes, new InflightLoadProducerOptions());
        DirectorFixture fixture = new(
            pool, FakePlugins.Scheduler([], [(new TokenLoadScorer(load, new TokenLoadScorerOptions()), 1), (new NoHitLruScorer(prefixes, pool.Pool, new()), 1)], prefixes, load));
        List<Endpoint> everyone = [.. pool.Endpoints];
        pool.Pool.Joined += everyone.Add;
        CancellationToken cancel = TestContext.Current.CancellationToken;
        Task churn = Task.Run(
            () =>
            {
                Random random = new(9);
                for (int round = 0; round < 300; round++)
                {
                    pool.Pool.Replace([.. Enumerable.Range(0, 16).Where(_ => random.Next(4) > 0).Select(i => TestPool.Describe(i))]);
                    foreach (Endpoint endpoint in pool.Pool.Current.Endpoints)
                    {
                        endpoint.Publish(new EndpointSignals { RunningRequests = random.Next(20), WaitingRequests = 0 }, pool.Time.GetTimestamp());
                    }

                    pool.Time.Advance(TimeSpan.FromMilliseconds(50));
                }
            },
            cancel);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() => Work(fixture, worker), cancel)).Append(churn));

        foreach (Endpoint endpoint in everyone)
        {
            endpoint.Unseen.Correct(endpoint, pool.Time.GetTimestamp() + TimeSpan.FromMinutes(2).Ticks, UnseenLimits.Of(pool.Time));
            Assert.Equal((0, 0L, 0), (endpoint.InFlight.Requests, endpoint.InFlight.Tokens, endpoint.Unseen.Count));
        }
    }

    private static void Work(DirectorFixture fixture, int seed)
    {
        Random random = new(seed);
        RequestState?[] open = new RequestState?[32];
        for (int i = 0; i < 5000; i++)
        {
            ref RequestState? state = ref open[random.Next(open.Length)];
            if (state is null)
            {
                state = fixture.BeginChat();
                state.Request.Prompt.Tokens = random.Next(1000);
                _ = random.Next(10) == 0 ? fixture.Director.ScheduleNow(state, PickReason.DeadlineExceeded) : fixture.Schedule(state);
            }
            else
            {
                Finish(fixture, state, random);
                state = null;
            }
        }

        foreach (RequestState? state in open)
        {
            if (state is not null)
            {
                Finish(fixture, state, random);
            }
        }
    }

    private static void Finish(DirectorFixture fixture, RequestState state, Random random)
    {
        if (random.Next(2) == 0)
        {
            fixture.Director.ResponseBody(state, "{}"u8);
        }

        if (random.Next(8) > 0)
        {
            fixture.Director.End(state, (StreamEnd)random.Next(4));
        }

        state.Reset();
    }
}
