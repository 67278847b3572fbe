using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Tests.Scheduling;

namespace EndpointPicker.Core.Tests.RequestControl;

public sealed class DecisionLogTests
{
    [Fact]
    public void Snapshot_Disabled_IsEmpty()
    {
        DirectorFixture fixture = new(1);
        fixture.Schedule(fixture.BeginChat());

        Assert.Empty(fixture.Log.Snapshot());
    }

    [Fact]
    public void Snapshot_Scheduled_TellsWhatEachPluginDid()
    {
        DirectorFixture fixture = new(
            3, FakePlugins.Scheduler([new FakePlugins.Keep(0, 1, 2), new FakePlugins.Keep(0, 2)], [(new FakePlugins.Scores(0.5, 1, 1), 2), (new FakePlugins.Scores(0, 0, 1), 1)]));
        fixture.Log.Enabled = true;
        fixture.Pool.Publish(2, new EndpointSignals());
        fixture.Pool.Time.Advance(TimeSpan.FromMilliseconds(7));
        new Reservation().Take(fixture.Pool.Endpoints[1]);
        fixture.Schedule(fixture.BeginChat("m", ("x-request-id", "id-1"), ("x-llm-d-model-name-rewrite", "t")));
        Decision decision = Assert.Single(fixture.Log.Snapshot());

        Assert.Equal(("id-1", "m", "t", PickReason.Scheduled), (decision.RequestId, decision.Model, decision.TargetModel, decision.Reason));
        Assert.Equal(["10.0.0.3:8000"], decision.Picks);
        Assert.Equal([new ScorerLabel("scorer-0", 2), new ScorerLabel("scorer-1", 1)], decision.Scorers);
        Assert.Equal(["pod-0", "pod-1", "pod-2"], decision.Candidates.Select(c => c.Endpoint));
        Assert.Equal([null, "filter-1", null], decision.Candidates.Select(c => c.RemovedBy));
        Assert.Equal([0.5, 0], decision.Candidates[0].Scores);
        Assert.Empty(decision.Candidates[1].Scores);
        Assert.Equal([1, 1], decision.Candidates[2].Scores);
        Assert.Equal([1, 0, 3], decision.Candidates.Select(c => c.Total));
        Assert.Equal([null, null, TimeSpan.FromMilliseconds(7).Ticks], decision.Candidates.Select(c => c.SignalAge));
        Assert.Equal([0, 1, 0], decision.Candidates.Select(c => c.InFlight));
    }

    [Fact]
    public void Snapshot_Refused_SaysWhy()
    {
        DirectorFixture fixture = new(1, FakePlugins.Scheduler([new FakePlugins.Keep()], []));
        fixture.Log.Enabled = true;
        fixture.Schedule(fixture.BeginChat());
        Decision decision = Assert.Single(fixture.Log.Snapshot());

        Assert.Equal((PickReason.Saturated, InferenceErrorCode.ResourceExhausted), (decision.Reason, decision.Error));
        Assert.Empty(decision.Picks);
        Assert.Equal("filter-0", decision.Candidates[0].RemovedBy);
    }

    [Fact]
    public void Snapshot_MoreThanItHolds_IsTheYoungestFirst()
    {
        DirectorFixture fixture = new(1);
        fixture.Log.Enabled = true;
        for (int i = 0; i < 20; i++)
        {
            fixture.Schedule(fixture.BeginChat($"m{i}"));
        }

        Assert.Equal(["m19", "m18", "m17", "m16", "m15", "m14", "m13", "m12"], fixture.Log.Snapshot().Select(d => d.Model));
        Assert.Equal(20, fixture.Log.Recorded);
    }

    [Fact]
    public void Snapshot_ScrapedAfterTheRequestCame_IsOfAgeZero()
    {
        DirectorFixture fixture = new(1);
        fixture.Log.Enabled = true;
        fixture.Pool.Endpoints[0].Publish(new EndpointSignals(), fixture.Pool.Time.GetTimestamp() + 5);
        fixture.Schedule(fixture.BeginChat());

        Assert.Equal(0, fixture.Log.Snapshot()[0].Candidates[0].SignalAge);
    }

    [Fact]
    public void Wants_MoreThanTheLimitOfASecond_TakesTheFirst()
    {
        TestPool pool = new(1);
        DecisionLog log = new(16, pool.Time, mostPerSecond: 3) { Enabled = true };
        bool[] wanted = [.. Enumerable.Range(0, 5).Select(_ => log.Wants(pool.Time.GetTimestamp()))];
        Assert.Equal([true, true, true, false, false], wanted);

        pool.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(log.Wants(pool.Time.GetTimestamp()));
    }

    [Fact]
    public void Snapshot_Fallback_HasCandidatesWithoutScores()
    {
        DirectorFixture fixture = new(2, FakePlugins.Scheduler((new FakePlugins.Broken(), 1)));
        fixture.Log.Enabled = true;
        fixture.Schedule(fixture.BeginChat());
        Decision decision = Assert.Single(fixture.Log.Snapshot());

        Assert.Equal(PickReason.InternalFault, decision.Reason);
        Assert.Empty(decision.Scorers);
        Assert.All(decision.Candidates, c => Assert.Null(c.RemovedBy));
        Assert.Single(decision.Picks);
    }
}
