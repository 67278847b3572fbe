using System.Globalization;
using EndpointPicker.Demo.Figures;

namespace EndpointPicker.Demo.Screen;

/// <summary>The whole run in one table: a column a side, and how many times better or worse the picker did.</summary>
internal static class FinalTable
{
    private const double Noise = 0.05;

    /// <param name="comparison">Both sides, whole run.</param>
    /// <param name="elapsed">From the first request to the last answer.</param>
    public static IEnumerable<StyledLine> Lines(Comparison comparison, TimeSpan elapsed)
    {
        (SideFigures picker, SideFigures other) = comparison;
        yield return Row("", "round robin", "picker", new StyledLine().Add("the picker is"), Ink.Bold);
        yield return Row("requests sent", Shown.Count(other.Sent), Shown.Count(picker.Sent), StyledLine.Empty);
        yield return Row("answered", Shown.Count(other.Served), Shown.Count(picker.Served), StyledLine.Empty);
        yield return Row("failed", Shown.Count(other.Failed), Shown.Count(picker.Failed), StyledLine.Empty);
        if (other.Unanswered + picker.Unanswered > 0)
        {
            yield return Row("not answered in time", Shown.Count(other.Unanswered), Shown.Count(picker.Unanswered), StyledLine.Empty);
        }

        yield return Row("prompt tokens from cache", Shown.Share(other.HitRate), Shown.Share(picker.HitRate), Ratio(picker.HitRate, other.HitRate));
        yield return Row(
            "prompt tokens to compute",
            Shown.Count(other.PromptTokens - other.CachedTokens),
            Shown.Count(picker.PromptTokens - picker.CachedTokens),
            Ratio(other.PromptTokens - other.CachedTokens, picker.PromptTokens - picker.CachedTokens));
        foreach (StyledLine line in Times("time to first token", other.FirstToken, picker.FirstToken)
            .Concat(Times("time per output token", other.PerOutputToken, picker.PerOutputToken)).Concat(Times("whole answer", other.Total, picker.Total)))
        {
            yield return line;
        }

        double seconds = Math.Max(elapsed.TotalSeconds, 0.001);
        yield return Row(
            "output tokens/s", Shown.Count(other.OutputTokens / seconds), Shown.Count(picker.OutputTokens / seconds), Ratio(picker.OutputTokens, other.OutputTokens));
        yield return Row("busiest pod's requests", Shown.Share(other.BusiestShare), Shown.Share(picker.BusiestShare), StyledLine.Empty);
        yield return Row("LoRA adapter loads", Shown.Count(other.AdapterLoads), Shown.Count(picker.AdapterLoads), StyledLine.Empty);
    }

    private static IEnumerable<StyledLine> Times(string name, Distribution other, Distribution picker) =>
    [
        Time($"{name,-22} mean", other.Mean, picker.Mean),
        Time($"{"",-22} p50", other.P50, picker.P50),
        Time($"{"",-22} p95", other.P95, picker.P95),
        Time($"{"",-22} p99", other.P99, picker.P99),
    ];

    private static StyledLine Time(string name, TimeSpan other, TimeSpan picker) =>
        Row(name, Shown.Time(other), Shown.Time(picker), Ratio(other.TotalSeconds, picker.TotalSeconds));

    private static StyledLine Row(string name, string other, string picker, StyledLine verdict, Ink ink = Ink.Plain) => new StyledLine()
        .Add($"  {name,-28}", Ink.Plain)
        .Add($"{other,14}", ink == Ink.Bold ? Ink.Worse : Ink.Plain)
        .Add($"{picker,14}", ink == Ink.Bold ? Ink.Better : Ink.Plain)
        .Add("   ").Add(verdict);

    /// <summary>How many times better: <paramref name="more"/> over <paramref name="less"/>.</summary>
    private static StyledLine Ratio(double more, double less)
    {
        if (more <= 0 || less <= 0)
        {
            return StyledLine.Empty;
        }

        double ratio = more / less;
        return ratio switch
        {
            > 1 + Noise => new StyledLine().Add(string.Create(CultureInfo.InvariantCulture, $"{ratio:0.0}x better"), Ink.Better),
            < 1 - Noise => new StyledLine().Add(string.Create(CultureInfo.InvariantCulture, $"{1 / ratio:0.0}x worse"), Ink.Worse),
            _ => new StyledLine().Add("as good", Ink.Dim),
        };
    }
}
