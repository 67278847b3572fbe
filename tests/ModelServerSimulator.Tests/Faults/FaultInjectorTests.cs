using ModelServerSimulator.Faults;

namespace ModelServerSimulator.Tests.Faults;

public sealed class FaultInjectorTests
{
    [Fact]
    public void Strikes_SameSeed_StrikesTheSameRequests()
    {
        bool[] first = Throws(new FaultInjector(new FaultPlan(), new Random(7)), 0.3);

        Assert.Equal(first, Throws(new FaultInjector(new FaultPlan(), new Random(7)), 0.3));
        Assert.NotEqual(first, Throws(new FaultInjector(new FaultPlan(), new Random(8)), 0.3));
        Assert.InRange(first.Count(strikes => strikes), 250, 350);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Strikes_NoneOrAll_NeedsNoDice(double rate, bool expected) =>
        Assert.All(Throws(new FaultInjector(new FaultPlan(), new Random(7)), rate), strikes => Assert.Equal(expected, strikes));

    [Fact]
    public void Stretch_HalfTheStepsSlow_TheyTakeTheFactorAndTheOthersTheirTime()
    {
        var faults = new FaultInjector(new FaultPlan { SlowFactor = 3, SlowRate = 0.5 }, new Random(7));

        List<IGrouping<double, double>> steps =
            [.. Enumerable.Range(0, 1000).Select(_ => faults.Stretch(TimeSpan.FromMilliseconds(10)).TotalMilliseconds).GroupBy(time => time).OrderBy(group => group.Key)];

        Assert.Equal([10, 30], steps.Select(group => group.Key));
        Assert.InRange(steps[0].Count(), 450, 550);
    }

    [Fact]
    public void Restore_AfterAChange_IsThePlanOfTheStart()
    {
        var faults = new FaultInjector(new FaultPlan { ErrorRate = 0.25 }, new Random(7));
        faults.Change(plan => plan with { ErrorRate = 1, HangRate = 1 });

        faults.Restore();

        Assert.Equal(new FaultPlan { ErrorRate = 0.25 }, faults.Plan);
    }

    private static bool[] Throws(FaultInjector faults, double rate) => [.. Enumerable.Range(0, 1000).Select(_ => faults.Strikes(rate))];
}
