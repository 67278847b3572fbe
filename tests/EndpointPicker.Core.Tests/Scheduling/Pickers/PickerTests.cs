using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Scheduling.Pickers;

namespace EndpointPicker.Core.Tests.Scheduling.Pickers;

/// <summary>Counts of many picks with a fixed seed; bounds are five standard deviations of the binomial distribution.</summary>
public sealed class PickerTests
{
    private const int Rounds = 20_000;

    private readonly TestPool _pool = new(4);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void MaxScore_Ties_AreUniform(int max)
    {
        int[] firsts = CountFirsts(new MaxScorePicker(new PickerOptions { MaxNumOfEndpoints = max }), 2, 1, 2, 2);

        Assert.Equal(0, firsts[1]);
        AssertNear(firsts[0], 1.0 / 3);
        AssertNear(firsts[2], 1.0 / 3);
        AssertNear(firsts[3], 1.0 / 3);
    }

    [Fact]
    public void MaxScore_SeveralEndpoints_AreOrderedByTotal()
    {
        Assert.Equal([3, 1, 0], _pool.Pick(new MaxScorePicker(new PickerOptions { MaxNumOfEndpoints = 3 }), 1, 2, -1, 5));
        Assert.Equal([3, 1, 0, 2], _pool.Pick(new MaxScorePicker(new PickerOptions { MaxNumOfEndpoints = 9 }), 1, 2, -1, 5));
    }

    [Fact]
    public void MaxScore_NotPositive_IsOne() => Assert.Single(_pool.Pick(new MaxScorePicker(new PickerOptions { MaxNumOfEndpoints = 0 }), 1, 2, 3, 4));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Random_AnyTotals_IsUniform(int max)
    {
        foreach (int first in CountFirsts(new RandomPicker(new PickerOptions { MaxNumOfEndpoints = max }), 9, 0, 0, 1))
        {
            AssertNear(first, 0.25);
        }
    }

    [Fact]
    public void Random_SeveralEndpoints_AreDistinct() =>
        Assert.Equal([0, 1, 2, 3], _pool.Pick(new RandomPicker(new PickerOptions { MaxNumOfEndpoints = 4 }), 0, 0, 0, 0).Order());

    [Fact]
    public void WeightedRandom_PositiveTotals_AreProportional()
    {
        int[] firsts = CountFirsts(new WeightedRandomPicker(new PickerOptions()), 1, 0, 3, 6);

        AssertNear(firsts[0], 0.1);
        Assert.Equal(0, firsts[1]);
        AssertNear(firsts[2], 0.3);
        AssertNear(firsts[3], 0.6);
    }

    [Fact]
    public void WeightedRandom_NoPositiveTotal_IsUniform()
    {
        foreach (int first in CountFirsts(new WeightedRandomPicker(new PickerOptions()), 0, -1, 0, -3))
        {
            AssertNear(first, 0.25);
        }
    }

    [Fact]
    public void WeightedRandom_SeveralEndpoints_ZeroTotalsComeLastInAnyOrder()
    {
        WeightedRandomPicker picker = new(new PickerOptions { MaxNumOfEndpoints = 4 });
        int zeroFirst = 0;
        for (int i = 0; i < Rounds; i++)
        {
            int[] picks = _pool.Pick(picker, 0, 1e-9, -1, 2);
            Assert.Equal([1, 3], picks[..2].Order());
            zeroFirst += picks[2] == 0 ? 1 : 0;
        }

        AssertNear(zeroFirst, 0.5);
    }

    private static void AssertNear(int count, double share)
    {
        double deviation = Math.Sqrt(Rounds * share * (1 - share));
        Assert.InRange(count, (Rounds * share) - (5 * deviation), (Rounds * share) + (5 * deviation));
    }

    private int[] CountFirsts(IPicker picker, params double[] totals)
    {
        int[] firsts = new int[totals.Length];
        for (int i = 0; i < Rounds; i++)
        {
            firsts[_pool.Pick(picker, totals)[0]]++;
        }

        return firsts;
    }
}
