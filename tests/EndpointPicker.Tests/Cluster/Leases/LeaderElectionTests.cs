using EndpointPicker.Cluster.Leases;
using Testing;

namespace EndpointPicker.Tests.Cluster.Leases;

public sealed class LeaderElectionTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    // The longest pause of those who wait: 2 s and their jitter.
    private const double Retry = 4.4;

    private readonly ManualTimeProvider _clock = new();
    private readonly FakeLeaseStore _store;

    public LeaderElectionTests()
    {
        _store = new FakeLeaseStore(_clock);
    }

    [Fact]
    public void Start_NoLease_LeadsAtOnce()
    {
        Replica sut = Create("a").Start();
        Assert.Equal(new LeaderState(true, "a", ""), sut.Election.State);
        Assert.Equal(
            new LeaseClaim { Holder = "a", Duration = TimeSpan.FromSeconds(15), Acquired = _clock.GetUtcNow(), Renewed = _clock.GetUtcNow() }, _store.Lease!.Claim);
        Assert.Equal(["Leads"], sut.Log.Events);
    }

    [Fact]
    public void Lead_Quiet_RenewsEveryTwoSecondsWithoutReading()
    {
        Replica sut = Create("a").Start();
        DateTimeOffset acquired = _clock.GetUtcNow();
        _store.Calls = default;
        Advance(20);
        Assert.Equal((0, 10), _store.Calls);
        Assert.Equal((acquired, _clock.GetUtcNow(), 0), (_store.Lease!.Claim.Acquired, _store.Lease.Claim.Renewed, _store.Lease.Claim.Transitions));
        Assert.Single(sut.States);
    }

    [Fact]
    public void Start_LeaseThatNobodyHolds_IsTakenAtOnce()
    {
        _store.Put(new LeaseClaim { Duration = TimeSpan.FromSeconds(1), Transitions = 4 });
        Replica sut = Create("a").Start();
        Assert.True(sut.Leads);
        Assert.Equal(5, _store.Lease!.Claim.Transitions);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void Start_LeaseOfSomebodyGone_IsTakenAfterItsTimeByOurClock(double renewedSecondsAgo)
    {
        _store.Put(new LeaseClaim { Holder = "gone", Duration = TimeSpan.FromSeconds(15), Renewed = _clock.GetUtcNow().AddSeconds(-renewedSecondsAgo) });
        Replica sut = Create("a").Start();
        Assert.Equal(new LeaderState(false, "gone", ""), sut.Election.State);
        Advance(14.9);
        Assert.False(sut.Leads);
        Advance(Retry + 0.1);
        Assert.True(sut.Leads);
        Assert.Equal(["Follows", "Leads"], sut.Log.Events);
    }

    [Fact]
    public void Start_LeaseWithItsOwnDuration_IsWaitedForThatLong()
    {
        _store.Put(new LeaseClaim { Holder = "gone", Duration = TimeSpan.FromSeconds(40) });
        Replica sut = Create("a").Start();
        Advance(39.9);
        Assert.False(sut.Leads);
        Advance(Retry + 0.1);
        Assert.True(sut.Leads);
    }

    [Fact]
    public void Follow_LeaderRenews_NeverLeads()
    {
        Replica leader = Create("a").Start();
        Replica sut = Create("b", seed: 2).Start();
        Advance(300);
        Assert.True(leader.Leads);
        Assert.Equal([new LeaderState(false, "a", "")], sut.States);
    }

    [Fact]
    public async Task Stop_Leader_GivesUpAtOnceAndTheNextOneTakesOver()
    {
        Replica leader = Create("a").Start();
        Replica next = Create("b", seed: 2).Start();
        Advance(30);
        await leader.StopAsync().DefaultTimeout();
        Assert.Equal((false, "", TimeSpan.FromSeconds(1)), (leader.Leads, _store.Lease!.Claim.Holder, _store.Lease.Claim.Duration));
        Advance(Retry);
        Assert.True(next.Leads);
        Assert.Equal(1, _store.Lease!.Claim.Transitions);
        Assert.Equal(["Leads", "LeadsNoMore", "Released"], leader.Log.Events);
    }

    [Fact]
    public async Task Stop_Follower_LeavesTheLeaseAlone()
    {
        Create("a").Start();
        Replica sut = Create("b", seed: 2).Start();
        LeaseRecord before = _store.Lease!;
        await sut.StopAsync().DefaultTimeout();
        Assert.Same(before, _store.Lease);
    }

    [Fact]
    public async Task Stop_WhileTheFirstWriteIsUnanswered_GivesUpWhatItMayHaveGot()
    {
        Replica sut = Create("a");
        _store.Put(new LeaseClaim());
        int requests = 0;
        sut.Connection.Delay = () => (TimeSpan.Zero, ++requests == 2 ? Timeout.InfiniteTimeSpan : TimeSpan.Zero);
        sut.Start();
        Assert.Equal((false, "a"), (sut.Leads, _store.Lease!.Claim.Holder));
        await sut.StopAsync().DefaultTimeout();
        Assert.Equal("", _store.Lease!.Claim.Holder);
    }

    [Fact]
    public async Task Stop_ApiServerGone_EndsWithinTheRetryPeriod()
    {
        Replica sut = Create("a").Start();
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        sut.Connection.Delay = () =>
        {
            asked.TrySetResult();
            return (Timeout.InfiniteTimeSpan, TimeSpan.Zero);
        };
        Task stopped = sut.StopAsync();
        await asked.Task.DefaultTimeout();
        _clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(stopped.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await stopped.DefaultTimeout();
        Assert.Equal(["Leads", "LeadsNoMore", "NotReleased"], sut.Log.Events);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lead_ApiServerGone_LeadsUntilTheDeadlineAndNoLonger(bool hangs)
    {
        Replica sut = Create("a").Start();
        Cut(sut, hangs);
        Advance(9.9);
        Assert.True(sut.Leads);
        Advance(0.2);
        Assert.False(sut.Leads);
        Assert.Contains("Failing", sut.Log.Events);
        Assert.NotEqual("", sut.Election.State.Fault);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lost_ApiServerIsBack_LeadsAgainIfNobodyElseDoes(bool hangs)
    {
        Replica sut = Create("a").Start();
        Cut(sut, hangs);
        Advance(60);
        Assert.False(sut.Leads);
        Mend(sut);
        Advance(Retry + 5);
        Assert.Equal(new LeaderState(true, "a", ""), sut.Election.State);
        Assert.Equal(0, _store.Lease!.Claim.Transitions);
    }

    [Fact]
    public void Lost_SomebodyElseTookOver_Follows()
    {
        Replica sut = Create("a").Start();
        Replica next = Create("b", seed: 2).Start();
        Cut(sut, hangs: false);
        Advance(15 + Retry);
        Assert.True(next.Leads);
        Mend(sut);
        Advance(60);
        Assert.Equal((new LeaderState(false, "b", ""), true), (sut.Election.State, next.Leads));
    }

    [Fact]
    public void Lead_FailuresBelowTheDeadline_LeadsOn()
    {
        Replica sut = Create("a").Start();
        for (int i = 0; i < 10; i++)
        {
            Cut(sut, hangs: false);
            Advance(7);
            Mend(sut);
            Advance(3);
        }

        Assert.All(sut.States, state => Assert.True(state.Leads));
    }

    [Fact]
    public void Lead_SomebodyWroteTheLease_ReadsAgainAndLeadsOn()
    {
        Replica sut = Create("a").Start();
        _store.Put(_store.Lease!.Claim);
        Advance(2);
        Assert.True(sut.Leads);
        Assert.Equal(_clock.GetUtcNow(), _store.Lease!.Claim.Renewed);
    }

    [Fact]
    public void Lead_LeaseTakenAway_StopsAtTheNextRenewal()
    {
        Replica sut = Create("a").Start();
        _store.Put(new LeaseClaim { Holder = "thief", Duration = TimeSpan.FromSeconds(15) });
        Advance(2);
        Assert.Equal(new LeaderState(false, "thief", ""), sut.Election.State);
    }

    [Fact]
    public void Lease_Deleted_IsMadeAgainByItsHolderAndByNobodyElse()
    {
        Replica sut = Create("a").Start();
        Replica other = Create("b", seed: 2).Start();
        sut.Connection.Down = "gone";
        _store.Delete();
        Advance(9);
        Assert.Equal((true, false), (sut.Leads, other.Leads));
        Assert.Null(_store.Lease);
        sut.Connection.Down = null;
        Advance(2);
        Assert.Equal((true, "a"), (sut.Leads, _store.Lease!.Claim.Holder));
    }

    [Fact]
    public void Lease_DeletedWithItsHolderGone_IsMadeAfterItsTime()
    {
        _store.Put(new LeaseClaim { Holder = "gone", Duration = TimeSpan.FromSeconds(15) });
        Replica sut = Create("a").Start();
        _store.Delete();
        Advance(14.9);
        Assert.False(sut.Leads);
        Advance(Retry + 0.1);
        Assert.True(sut.Leads);
    }

    [Fact]
    public void Clock_WallClocksJump_ChangesNothing()
    {
        Replica leader = Create("a").Start();
        Replica follower = Create("b", seed: 2).Start();
        foreach (double hours in new[] { -24.0, 24, 0, 1000, -1000 })
        {
            leader.Clock.Wrong = TimeSpan.FromHours(hours);
            Advance(20);
            follower.Clock.Wrong = TimeSpan.FromHours(-hours);
            Advance(20);
        }

        Assert.Single(leader.States);
        Assert.Single(follower.States);
        Assert.True(leader.Leads);
    }

    [Fact]
    public void Refused_ByTheApiServer_SaysWhyAndGoesOn()
    {
        Replica sut = Create("a");
        sut.Connection.Down = "leases is forbidden";
        sut.Start();
        Advance(30);
        Assert.Equal([new LeaderState(false, "", "leases is forbidden")], sut.States);
        Assert.Equal(["Failing"], sut.Log.Events);
        Mend(sut);
        Advance(Retry);
        Assert.True(sut.Leads);
    }

    [Fact]
    public void Wait_ManyReplicas_DoNotComeAtOnce()
    {
        _store.Put(new LeaseClaim { Holder = "gone", Duration = TimeSpan.FromHours(1) });
        for (int i = 0; i < 20; i++)
        {
            Create($"replica-{i}", seed: i * 7919).Start();
        }

        Advance(60);
        _store.Calls = default;
        int most = 0;
        for (int i = 0; i < 100; i++)
        {
            int before = _store.Calls.Reads;
            _clock.Advance(Moment);
            most = Math.Max(most, _store.Calls.Reads - before);
        }

        Assert.InRange(most, 1, 10);
        Assert.InRange(_store.Calls.Reads, 20 * 10 / Retry * 0.8, 20 * 10 / 2.0);
    }

    private static void Cut(Replica replica, bool hangs)
    {
        replica.Connection.Down = hangs ? null : "connection refused";
        replica.Connection.Delay = () => (hangs ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, TimeSpan.Zero);
    }

    private static void Mend(Replica replica)
    {
        replica.Connection.Down = null;
        replica.Connection.Delay = () => default;
    }

    private Replica Create(string identity, int seed = 1) => new(identity, _store, _clock, seed);

    private void Advance(double seconds)
    {
        DateTimeOffset end = _clock.GetUtcNow().AddSeconds(seconds);
        while (_clock.GetUtcNow() < end)
        {
            TimeSpan left = end - _clock.GetUtcNow();
            _clock.Advance(left < Moment ? left : Moment);
        }
    }
}
