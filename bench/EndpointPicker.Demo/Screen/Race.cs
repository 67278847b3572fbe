namespace EndpointPicker.Demo.Screen;

/// <summary>The figures that matter as pairs of bars, one above the other: the longer bar of a time has lost, that of a hit rate has won.</summary>
internal static class Race
{
    private const int NameWidth = 14;
    private const int ValueWidth = 10;
    private const int VerdictWidth = 20;

    public static IEnumerable<StyledLine> Lines(LiveView view, int width)
    {
        string recent = $"last {view.RecentSpan.TotalSeconds:0} s";
        bool beside = width >= LivePage.SideBySide;
        int each = beside ? (width - 3) / 2 : width;
        List<StyledLine> median = Times($"TIME TO FIRST TOKEN, median, {recent}", view.RoundRobin.Recent.FirstToken.P50, view.Picker.Recent.FirstToken.P50, each);
        List<StyledLine> cached = Shares($"PROMPT TOKENS FOUND IN CACHE, {recent}", view.RoundRobin.Recent.HitRate, view.Picker.Recent.HitRate, each);
        if (!beside)
        {
            return [.. median, .. cached];
        }

        List<StyledLine> tail = Times($"TIME TO FIRST TOKEN, 95th percentile, {recent}", view.RoundRobin.Recent.FirstToken.P95, view.Picker.Recent.FirstToken.P95, each);
        List<StyledLine> whole = Times($"WHOLE ANSWER, median, {recent}", view.RoundRobin.Recent.Total.P50, view.Picker.Recent.Total.P50, each);
        return [.. Beside(median, cached, each), StyledLine.Empty, .. Beside(tail, whole, each)];
    }

    private static IEnumerable<StyledLine> Beside(List<StyledLine> left, List<StyledLine> right, int each) =>
        left.Zip(right, (one, other) => one.Fit(each).Add("   ").Add(other));

    private static List<StyledLine> Times(string title, TimeSpan roundRobin, TimeSpan picker, int width)
    {
        double longest = Math.Max(roundRobin.TotalSeconds, picker.TotalSeconds);
        StyledLine verdict = Figures.Comparison.Gain(roundRobin, picker) switch
        {
            > 1.05 and { } gain => new StyledLine().Add(Gain(gain, "sooner"), Ink.Better),
            < 0.95 and { } gain => new StyledLine().Add(Gain(1 / gain, "later"), Ink.Worse),
            _ => new StyledLine(),
        };
        return Pair(title, (roundRobin.TotalSeconds, Shown.Time(roundRobin)), (picker.TotalSeconds, Shown.Time(picker)), longest, verdict, width);
    }

    private static List<StyledLine> Shares(string title, double roundRobin, double picker, int width) =>
        Pair(title, (roundRobin, Shown.Share(roundRobin)), (picker, Shown.Share(picker)), full: 1, new StyledLine(), width);

    private static List<StyledLine> Pair(
        string title, (double Value, string Text) roundRobin, (double Value, string Text) picker, double full, StyledLine verdict, int width)
    {
        int bar = Math.Max(8, width - NameWidth - ValueWidth - VerdictWidth);
        return
        [
            new StyledLine().Add($" {title}", Ink.Dim),
            Row("round robin", roundRobin, full, bar, Ink.RoundRobin),
            Row("picker", picker, full, bar, Ink.Picker).Add("  ").Add(verdict),
        ];
    }

    private static StyledLine Row(string name, (double Value, string Text) figure, double full, int bar, Ink ink) => new StyledLine()
        .Add($" {name}".PadRight(NameWidth), ink)
        .Add(Shown.Bar(figure.Value, full, bar), ink)
        .Add($" {figure.Text}", Ink.Bold);

    private static string Gain(double gain, string what) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{gain:0.0} times {what}");
}
