using EndpointPicker.Demo.Figures;
using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Tests.Figures;

public sealed class ComparisonTests
{
    [Fact]
    public void Conclusion_PickerSooner_SaysHowMuchAndWhy() => Assert.Equal(
        "The picker's first tokens come 4.0 times sooner in the median and 2.0 times sooner at the 95th percentile: "
        + "it finds 80 % of the prompt tokens in a pod's cache, round robin 40 %, and has LoRA adapters loaded once, not 5 times.",
        new Comparison(Side(100, 500, 80, loads: 1), Side(400, 1000, 40, loads: 5)).Conclusion());

    [Fact]
    public void Conclusion_PickerLater_SaysSo() => Assert.Equal(
        "Round robin is ahead here: the picker's first tokens come 2.0 times later in the median and at the same time at the 95th percentile, "
        + "though it finds 80 % of the prompt tokens in a pod's cache, round robin 40 %.",
        new Comparison(Side(200, 500, 80), Side(100, 500, 40)).Conclusion());

    [Fact]
    public void Conclusion_MedianSoonerTailLater_SaysBoth() => Assert.Equal(
        "The picker's first tokens come 2.0 times sooner in the median and 3.0 times later at the 95th percentile.",
        new Comparison(Side(100, 1500, 40), Side(200, 500, 40)).Conclusion());

    [Fact]
    public void Conclusion_WithinNoise_ClaimsNothing() => Assert.Equal(
        "The picker's first tokens come at the same time as round robin's in the median and at the same time at the 95th percentile.",
        new Comparison(Side(100, 500, 40), Side(103, 490, 40)).Conclusion());

    [Fact]
    public void Conclusion_NothingStreamed_ComparesWholeAnswers()
    {
        SideFigures picker = SideFigures.Of(1, [Outcome(100, 0) with { FirstToken = null }]);
        SideFigures other = SideFigures.Of(1, [Outcome(200, 0) with { FirstToken = null }]);

        Assert.StartsWith("The picker's answers come 1.1 times sooner", new Comparison(picker, other).Conclusion(), StringComparison.Ordinal);
    }

    [Fact]
    public void Conclusion_NoAnswers_SaysSo() =>
        Assert.Equal("There are too few answers to compare.", new Comparison(SideFigures.Of(3, []), Side(100, 500, 40)).Conclusion());

    // Twenty answers, so that the 95th percentile is the last but one.
    private static SideFigures Side(double median, double tail, int cached, int loads = 0)
    {
        List<RequestOutcome> outcomes = [.. Enumerable.Range(0, 18).Select(_ => Outcome(median, cached)), Outcome(tail, cached), Outcome(tail, cached)];
        outcomes.AddRange(Enumerable.Range(0, loads).Select(i => Outcome(median, cached) with { Model = Models.Adapters[i % 2] }));
        return SideFigures.Of(outcomes.Count, outcomes);
    }

    private static RequestOutcome Outcome(double firstToken, int cached) =>
        new(Models.Base, "pod-1", 200, TimeSpan.FromMilliseconds(firstToken), TimeSpan.FromMilliseconds(firstToken + 1000), new TokenUsage(100, cached, 10));
}
