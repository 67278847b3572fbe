using EndpointPicker.Demo.Figures;

namespace EndpointPicker.Demo.Tests.Figures;

public sealed class DistributionTests
{
    [Fact]
    public void Of_Hundred_PercentilesAreNearestRanks()
    {
        var times = Distribution.Of(Enumerable.Range(1, 100).Reverse().Select(i => TimeSpan.FromMilliseconds(i)));

        Assert.Equal(new Distribution(100, Ms(50.5), Ms(50), Ms(95), Ms(99)), times);
    }

    [Fact]
    public void Of_Few_TheLastIsEveryTail() => Assert.Equal(new Distribution(3, Ms(20), Ms(10), Ms(40), Ms(40)), Distribution.Of([Ms(40), Ms(10), Ms(10)]));

    [Fact]
    public void Of_None_IsZero() => Assert.Equal(default, Distribution.Of([]));

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
