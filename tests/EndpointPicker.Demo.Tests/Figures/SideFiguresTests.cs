using EndpointPicker.Demo.Figures;
using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Tests.Figures;

public sealed class SideFiguresTests
{
    [Fact]
    public void Of_GoodFailedAndMissing_AreToldApart()
    {
        var figures = SideFigures.Of(5, [Good("pod-1", 100, 80), Good("pod-2", 100, 0), Good("pod-2", 200, 0), new RequestOutcome("m", null, 503, null, Ms(1), default)]);

        Assert.Equal((5, 3, 1, 1), (figures.Sent, figures.Served, figures.Failed, figures.Unanswered));
        Assert.Equal(0.2, figures.HitRate, 6);
        Assert.Equal(2.0 / 3, figures.BusiestShare, 6);
        Assert.Equal(3, figures.Total.Count);
        Assert.Equal(33, figures.OutputTokens);
    }

    [Fact]
    public void Of_AnswerWithoutStream_CountsButShowsNoFirstToken()
    {
        var figures = SideFigures.Of(2, [Good("pod-1", 10, 0), Good("pod-1", 10, 0) with { FirstToken = null }]);

        Assert.Equal(1, figures.FirstToken.Count);
        Assert.Equal(2, figures.Total.Count);
        Assert.Equal(Ms(100), figures.FirstToken.P50);
        Assert.Equal(Ms(20), figures.PerOutputToken.P50);
    }

    [Fact]
    public void Of_Nothing_IsZero()
    {
        var figures = SideFigures.Of(0, []);

        Assert.Equal((0, 0.0, 0.0), (figures.Served, figures.HitRate, figures.BusiestShare));
    }

    [Fact]
    public void Of_AdaptersByTurns_EachChangeOnAPodIsALoad()
    {
        RequestOutcome[] outcomes =
        [
            Adapter("pod-1", 0), Adapter("pod-2", 1), Adapter("pod-1", 0), Good("pod-1", 1, 0), Adapter("pod-1", 0),
            Adapter("pod-1", 1), Adapter("pod-2", 1), Adapter("pod-1", 0) with { Status = 500 }, Adapter("pod-1", 0),
        ];

        Assert.Equal(4, SideFigures.Of(9, outcomes).AdapterLoads);
    }

    private static RequestOutcome Adapter(string pod, int adapter) => Good(pod, 1, 0) with { Model = Models.Adapters[adapter] };

    private static RequestOutcome Good(string pod, int prompt, int cached) => new(Models.Base, pod, 200, Ms(100), Ms(300), new TokenUsage(prompt, cached, 11));

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
