using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling;
using static EndpointPicker.Core.Tests.Scheduling.FakePlugins;

namespace EndpointPicker.Core.Tests.Scheduling;

public sealed class SchedulerTests
{
    [Fact]
    public void Schedule_Weights_AddUpClampedScores()
    {
        TestPool pool = new(3);

        // 2*1 + 1*0 = 2; 2*0 + 1*1 = 1 (clamped from 7); 2*0 (clamped from -5) + 1*0.5
        PickScratch scratch = Run(pool, Scheduler((new Scores(1, 0, -5), 2), (new Scores(0, 7, 0.5), 1)), out Endpoint[] picks);

        Assert.Equal(["pod-0"], picks.Select(p => p.Name));
        Assert.Equal([2, 1, 0.5], scratch.Profiles[0].Totals[..3]);
    }

    [Fact]
    public void Schedule_BrokenScore_CountsAsTheWorst()
    {
        TestPool pool = new(5);
        PickScratch scratch = Run(pool, Scheduler((new Scores(double.NaN, 0.5, double.PositiveInfinity, double.NegativeInfinity, double.NaN), 1)), out _);

        Assert.Equal([0, 0.5, 1, 0, 0], scratch.Profiles[0].Totals[..5]);
    }

    [Fact]
    public void Schedule_NegativeWeight_TurnsTheOrder()
    {
        TestPool pool = new(2);
        Run(pool, Scheduler((new Scores(1, 0), -1)), out Endpoint[] picks);

        Assert.Equal("pod-1", picks[0].Name);
    }

    [Fact]
    public void Schedule_FiltersLeaveNone_StopsAndReservesNothing()
    {
        TestPool pool = new(3);
        Keep last = new(1);
        Scores scorer = new(1, 1, 1);
        Run(pool, Scheduler([new Keep(0, 1), new Keep(2), last], [(scorer, 1)]), out Endpoint[] picks);

        Assert.Empty(picks);
        Assert.Equal(0, last.Calls);
        Assert.Equal(0, scorer.Calls);
        Assert.All(pool.Endpoints, e => Assert.Equal(0, e.InFlight.Requests));
    }

    [Fact]
    public void Schedule_Picked_CountsTheRequestOnce()
    {
        TestPool pool = new(2);
        Run(pool, Scheduler((new Scores(0, 1), 1)), out _);

        Assert.Equal([0, 1], pool.Endpoints.Select(e => e.InFlight.Requests));
    }

    [Fact]
    public void Schedule_CounterMovedDuringScoring_ScoresAgainAtMostTwiceThenTakesIt()
    {
        TestPool pool = new(2);
        Scores scorer = new(0, 1) { OnScore = () => pool.Endpoints[1].InFlight.Reserve() };
        Run(pool, Scheduler((scorer, 1)), out Endpoint[] picks);

        Assert.Equal(3, scorer.Calls);
        Assert.Equal("pod-1", picks[0].Name);
        Assert.Equal(3 + 1, pool.Endpoints[1].InFlight.Requests);
    }

    [Fact]
    public void Schedule_CounterOfAnotherEndpointMoved_DoesNotScoreAgain()
    {
        TestPool pool = new(2);
        Scores scorer = new(0, 1) { OnScore = () => pool.Endpoints[0].InFlight.Reserve() };
        Run(pool, Scheduler((scorer, 1)), out _);

        Assert.Equal(1, scorer.Calls);
    }

    private static PickScratch Run(TestPool pool, Scheduler scheduler, out Endpoint[] picks)
    {
        PickScratch scratch = new(scheduler, pool.Random);
        scratch.Begin(pool.Pool.Current);
        pool.Endpoints.CopyTo(scratch.Candidates, 0);
        scratch.CandidateCount = pool.Endpoints.Length;
        SchedulingContext context = new(pool.Request, pool.Time.GetTimestamp(), scratch.Random, scratch.Facts);
        picks = scheduler.Schedule(context, scratch, new Reservation()).ToArray();
        return scratch;
    }
}
