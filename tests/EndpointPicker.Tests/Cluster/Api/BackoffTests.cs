using EndpointPicker.Cluster.Api;

namespace EndpointPicker.Tests.Cluster.Api;

public class BackoffTests
{
    [Fact]
    public void Next_Failures_FillACeilingThatDoublesToTenSeconds()
    {
        double[] ceilings = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10, 10];
        double[] longest = new double[ceilings.Length];
        double[] shortest = [.. ceilings];
        for (int seed = 0; seed < 500; seed++)
        {
            Backoff sut = new(new Random(seed));
            for (int i = 0; i < ceilings.Length; i++)
            {
                double pause = sut.Next().TotalSeconds;
                longest[i] = Math.Max(longest[i], pause);
                shortest[i] = Math.Min(shortest[i], pause);
            }

        }

        Assert.All(ceilings, (ceiling, i) => Assert.InRange(longest[i], ceiling * 0.95, ceiling));
        Assert.All(ceilings, (ceiling, i) => Assert.InRange(shortest[i], 0, ceiling * 0.05));
    }

    [Fact]
    public void Reset_AfterFailures_StartsAnew()
    {
        Backoff sut = new(new Random(1));
        for (int i = 0; i < 8; i++)
        {
            sut.Next();
        }

        sut.Reset();

        Assert.InRange(sut.Next().TotalSeconds, 0, 0.1);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(86_400, 30)]
    public void Next_ServerAsksForMore_IsObeyedToALimit(int asked, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new Backoff(new Random(1)).Next(TimeSpan.FromSeconds(asked)));
}
