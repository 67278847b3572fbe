using System.Globalization;
using System.Text;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Scheduling.Filters;
using EndpointPicker.Core.Tests.Scheduling;

namespace EndpointPicker.Core.Tests.RequestControl;

public sealed class DecisionContentTests
{
    [Fact]
    public void RunnerUp_OfScoredCandidates_IsTheBestOther()
    {
        Decision decision = Decide(new DirectorFixture(4, FakePlugins.Scheduler([new FakePlugins.Keep(0, 1, 2)], [(new FakePlugins.Scores(0.2, 0.9, 0.5, 1), 2)])));

        Assert.Equal("pod-1", decision.Pick?.Endpoint);
        Assert.Equal(("pod-2", 1.0), (decision.RunnerUp?.Endpoint, decision.RunnerUp?.Total));
        Assert.Equal(("default", "picker", 4, 4), (decision.Profile, decision.Picker, decision.PoolSize, decision.CandidateCount));
    }

    [Fact]
    public void RunnerUp_OfTies_IsAnotherOfThem()
    {
        Decision decision = Decide(new DirectorFixture(3, FakePlugins.Scheduler((new FakePlugins.Scores(0.5, 0.5, 0.1), 1))));

        Assert.Equal(["pod-0", "pod-1"], new[] { decision.Pick!.Endpoint, decision.RunnerUp!.Endpoint }.Order());
        Assert.Equal(0.5, decision.RunnerUp.Total);
    }

    [Fact]
    public void RunnerUp_OneCandidateLeft_IsNone()
    {
        Assert.Null(Decide(new DirectorFixture(2, FakePlugins.Scheduler([new FakePlugins.Keep(1)], []))).RunnerUp);
    }

    [Fact]
    public void Removed_ByEachFilter_SaysWhy()
    {
        TestPool pool = new(5);
        pool.Pool.Replace([.. Enumerable.Range(0, 5).Select(i => TestPool.Describe(i, 8000, ("role", i == 1 ? "encode" : "decode"), ("zone", i == 4 ? "z2" : "z1")))]);
        pool.Publish(0, new EndpointSignals { WaitingRequests = 3, KvCacheUsage = 0.1 });
        pool.Publish(1, new EndpointSignals { WaitingRequests = 0 });
        pool.Publish(2, new EndpointSignals { WaitingRequests = 11, KvCacheUsage = 0.1 });
        pool.Publish(4, new EndpointSignals { WaitingRequests = 0 });
        IFilter[] filters =
        [
            new ByLabelFilter(new ByLabelFilterOptions { Label = "role", ValidValues = ["decode", "both"] }),
            new LabelSelectorFilter([new LabelRequirement("zone", LabelOperator.In, ["z1", "z3"])]),
            new UtilizationFilter(pool.Freshness, new UtilizationFilterOptions { Conditions = [new(UtilizationMetric.WaitingQueue, 10)] }),
        ];
        Decision decision = Decide(new DirectorFixture(pool, FakePlugins.Scheduler(filters, [(new FakePlugins.Scores(1, 1, 1, 1, 1), 1)])));

        Assert.Equal([null, "filter-0", "filter-2", "filter-2", "filter-1"], decision.Candidates.Select(c => c.RemovedBy));
        Assert.Equal(
            [
                null,
                "label role=encode, not decode or both",
                "waiting-queue 11 above 10",
                "waiting-queue not known: never scraped",
                "label zone=z2, wanted: zone in (z1, z3)",
            ],
            decision.Candidates.Select(c => c.RemovedBecause));
        Assert.Equal("pod-0", decision.Pick?.Endpoint);
    }

    [Theory]
    [InlineData(5, 0.1, 0, "queue 5, 5 is full")]
    [InlineData(0, 0.85, 0, "KV-cache use 0.85, 0.8 is full")]
    [InlineData(0, 0.1, 300, "scraped 0.3 s ago, at most 0.2 s counts")]
    [InlineData(null, null, 0, "tells neither its queue nor its KV-cache use")]
    public void Removed_ByTheUtilizationDetector_SaysWhy(int? queue, double? cache, int milliseconds, string because)
    {
        TestPool pool = new(2);
        pool.Publish(0, new EndpointSignals { WaitingRequests = queue, KvCacheUsage = cache });
        pool.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        pool.Publish(1, new EndpointSignals { WaitingRequests = 0, KvCacheUsage = 0 });
        Decision decision = Decide(new DirectorFixture(pool, FakePlugins.Scheduler([new UtilizationDetector(pool.Time, new UtilizationDetectorOptions())], [])));

        Assert.Equal([because, null], decision.Candidates.Select(c => c.RemovedBecause));
    }

    [Theory]
    [InlineData(LabelOperator.NotIn, "label role=decode, wanted: role notin (decode)")]
    [InlineData(LabelOperator.DoesNotExist, "label role=decode, wanted: !role")]
    public void Removed_BySelector_NamesTheRequirement(LabelOperator comparison, string because)
    {
        TestPool pool = new(1);
        pool.Pool.Replace([TestPool.Describe(0, 8000, ("role", "decode"))]);
        LabelSelectorFilter filter = new([new LabelRequirement("role", comparison, comparison == LabelOperator.NotIn ? ["decode"] : [])]);

        Assert.Equal(because, Decide(new DirectorFixture(pool, FakePlugins.Scheduler([filter], []))).Candidates[0].RemovedBecause);
    }

    [Fact]
    public void Removed_ByAFilterThatDoesNotSay_HasNoReason()
    {
        CandidateDecision removed = Decide(new DirectorFixture(1, FakePlugins.Scheduler([new FakePlugins.Keep()], []))).Candidates[0];

        Assert.Equal(("filter-0", null), (removed.RemovedBy, removed.RemovedBecause));
    }

    [Fact]
    public void Signals_ReplacedSince_AreThoseOfTheDecision()
    {
        DirectorFixture fixture = new(2);
        EndpointSignals then = new() { WaitingRequests = 3, KvCacheUsage = 0.25, RunningAdapters = ["a"], MaxAdapters = 2 };
        fixture.Pool.Publish(0, then);
        fixture.Pool.Publish(1, then);
        fixture.Pool.Time.Advance(TimeSpan.FromSeconds(3));
        fixture.Pool.Publish(1, then);
        fixture.Log.Enabled = true;
        fixture.Schedule(fixture.BeginChat("a"));
        fixture.Pool.Publish(1, new EndpointSignals { WaitingRequests = 9 });
        fixture.Pool.Time.Advance(TimeSpan.FromSeconds(3));
        Decision decision = fixture.Log.Snapshot()[0];

        Assert.All(decision.Candidates, c => Assert.Same(then, c.Signals));
        Assert.Equal([SignalState.Stale, SignalState.Fresh], decision.Candidates.Select(c => c.SignalState));
        Assert.All(decision.Candidates, c => Assert.True(c.HoldsAdapter));
    }

    [Fact]
    public void Fallback_SomeSilent_PassesThemOverAndSaysSo()
    {
        DirectorFixture fixture = new(3);
        fixture.Log.Enabled = true;
        fixture.Pool.Publish(1, new EndpointSignals());
        fixture.Pool.Publish(2, new EndpointSignals());
        new Reservation().Take(fixture.Pool.Endpoints[1]);
        fixture.Director.ScheduleNow(fixture.BeginChat(), PickReason.DeadlineExceeded);
        Decision decision = fixture.Log.Snapshot()[0];

        Assert.Equal((PickReason.DeadlineExceeded, "pod-2", "pod-1"), (decision.Reason, decision.Pick?.Endpoint, decision.RunnerUp?.Endpoint));
        Assert.Equal(["fallback", null, null], decision.Candidates.Select(c => c.RemovedBy));
        Assert.Equal("never scraped", decision.Candidates[0].RemovedBecause);
        Assert.Null(decision.Profile);

        // What was in flight before the pick took its place.
        Assert.Equal([0, 1, 0], decision.Candidates.Select(c => c.InFlight));
    }

    [Fact]
    public void Refused_OutsideTheSubset_CountsWhoWasThere()
    {
        DirectorFixture fixture = new(3);
        fixture.Log.Enabled = true;
        RequestState state = fixture.BeginChat();
        state.Request.Subset.Begin();
        state.Request.Subset.Add("10.9.9.9:1"u8);
        fixture.Schedule(state);
        Decision decision = fixture.Log.Snapshot()[0];

        Assert.Equal((PickReason.NoEndpoints, InferenceErrorCode.ServiceUnavailable), (decision.Reason, decision.Error));
        Assert.Equal((3, 1, 0), (decision.PoolSize, decision.SubsetSize, decision.CandidateCount));
    }

    [Fact]
    public void Picked_WithinTheSubset_LeavesTheOthersOut()
    {
        DirectorFixture fixture = new(3);
        fixture.Log.Enabled = true;
        RequestState state = fixture.BeginChat();
        state.Request.Subset.Begin();
        state.Request.Subset.Add(Encoding.ASCII.GetBytes(fixture.Pool.Endpoints[1].Destination));
        fixture.Schedule(state);
        Decision decision = fixture.Log.Snapshot()[0];

        Assert.Equal((3, 1), (decision.PoolSize, decision.CandidateCount));
        Assert.Equal(["pod-1"], decision.Candidates.Select(c => c.Endpoint));
    }

    [Fact]
    public void Refused_Shed_TellsTheCandidates()
    {
        TestPool pool = new(2);
        DirectorFixture fixture = new(pool, policy: p => p with { SaturationDetector = new UtilizationDetector(pool.Time, new UtilizationDetectorOptions()) });
        fixture.Log.Enabled = true;
        new Reservation().Take(pool.Endpoints[1]);
        RequestState state = fixture.BeginChat();
        state.Request.Priority = -1;
        fixture.Schedule(state);
        Decision decision = fixture.Log.Snapshot()[0];

        Assert.Equal((PickReason.Shed, InferenceErrorCode.ResourceExhausted, -1), (decision.Reason, decision.Error, decision.Priority));
        Assert.Equal([0, 1], decision.Candidates.Select(c => c.InFlight));
    }

    [Fact]
    public void Refused_BadBody_IsRecordedToo()
    {
        DirectorFixture fixture = new(1);
        fixture.Log.Enabled = true;
        RequestState state = DirectorFixture.State("POST", "/v1/chat/completions");
        fixture.Director.Begin(state);
        fixture.Director.Append(state, "{"u8);
        fixture.Schedule(state);
        Decision decision = fixture.Log.Snapshot()[0];

        Assert.Equal((PickReason.BadRequest, InferenceErrorCode.BadRequest), (decision.Reason, decision.Error));
        Assert.NotEmpty(decision.Message);
        Assert.Empty(decision.Candidates);
    }

    [Fact]
    public void Rescorings_CountMovedOneTwice_AreTold()
    {
        DirectorFixture? fixture = null;
        int moves = 0;
        FakePlugins.Then scorer = new(new FakePlugins.Scores(1, 0), () =>
        {
            if (moves++ < 2)
            {
                new Reservation().Take(fixture!.Pool.Endpoints[0]);
            }
        });
        fixture = new DirectorFixture(2, FakePlugins.Scheduler((scorer, 1)));

        Assert.Equal(2, Decide(fixture).Rescorings);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LargePool_PickAndRunnerUpAtItsEnd_AreKept(bool filters)
    {
        double[] scores = [.. Enumerable.Range(0, 400).Select(i => i == 398 ? 0.9 : i == 390 ? 0.8 : 0.1)];
        int[] keep = [.. Enumerable.Range(0, 400).Where(i => i % 2 == 0)];
        Decision decision = Decide(new DirectorFixture(400, FakePlugins.Scheduler(filters ? [new FakePlugins.Keep(keep)] : [], [(new FakePlugins.Scores(scores), 2)])));

        Assert.Equal((400, DecisionLog.MaxCandidates), (decision.CandidateCount, decision.Candidates.Count));
        Assert.Equal(("pod-398", 1.8), (decision.Pick?.Endpoint, decision.Pick?.Total));
        Assert.Equal(("pod-390", 1.6), (decision.RunnerUp?.Endpoint, decision.RunnerUp?.Total));
        Assert.Equal(decision.Candidates.Count, decision.Candidates.Select(c => c.Endpoint).Distinct().Count());
        Assert.Equal(filters ? 200 : 256, decision.Candidates.Count(c => c.RemovedBy is null));
        Assert.All(decision.Candidates.Where(c => c.RemovedBy is null), c => Assert.Equal(
            scores[int.Parse(c.Endpoint[4..], CultureInfo.InvariantCulture)], c.Scores[0]));
    }

    private static Decision Decide(DirectorFixture fixture)
    {
        fixture.Log.Enabled = true;
        fixture.Schedule(fixture.BeginChat());
        return Assert.Single(fixture.Log.Snapshot());
    }
}
