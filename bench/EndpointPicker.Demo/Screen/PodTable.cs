using EndpointPicker.Demo.Figures;
using EndpointPicker.Demo.Observed;

namespace EndpointPicker.Demo.Screen;

/// <summary>A side's pods, one a line; columns that have no room are left out, the least important first.</summary>
internal static class PodTable
{
    private const int BarWidth = 7;

    private static readonly Column[] Columns =
    [
        new("pod", 7, 0, (pod, _, _) => pod.Name, AlignRight: false),
        new("under way", BarWidth + 5, 0, (_, load, most) => UnderWay(load, most), AlignRight: false),
        new("queue", 6, 2, (_, load, _) => Shown.Count(load.Waiting)),
        new("KV use", 7, 2, (_, load, _) => Shown.Share(load.CacheUsage)),
        new("cached", 7, 0, (pod, _, _) => pod.Served == 0 ? "-" : Shown.Share(pod.HitRate)),
        new("adapter", 8, 3, (_, load, _) => load.Adapter.Replace("lora-", "", StringComparison.Ordinal)),
        new("TTFT p50", 9, 0, (pod, _, _) => Shown.Time(pod.FirstToken.P50)),
        new("p95", 7, 1, (pod, _, _) => Shown.Time(pod.FirstToken.P95)),
        new("all p50", 8, 4, (pod, _, _) => Shown.Time(pod.Total.P50)),
        new("p95", 7, 5, (pod, _, _) => Shown.Time(pod.Total.P95)),
    ];

    public static IEnumerable<StyledLine> Lines(string title, SideView side, Ink ink, double most, int width)
    {
        List<Column> columns = [.. Columns];
        while (columns.Sum(column => column.Width) > width && columns.MaxBy(column => column.Rank) is { Rank: > 0 } least)
        {
            columns.Remove(least);
        }

        SideFigures whole = side.Whole;
        yield return new StyledLine().Add($" {title}", ink == Ink.Picker ? Ink.Better : Ink.Worse)
            .Add($"   {Shown.Count(whole.Served)} served, {whole.Unanswered} under way{(whole.Failed > 0 ? $", {whole.Failed} failed" : "")}, LoRA loads {whole.AdapterLoads}");
        yield return new StyledLine().Add(string.Concat(columns.Select(column => column.Head)), Ink.Dim);
        for (int i = 0; i < side.Pods.Count; i++)
        {
            yield return Row(columns, side.Pods[i], side.Loads[i], most, ink);
        }
    }

    private static StyledLine Row(List<Column> columns, PodFigures pod, PodLoad load, double most, Ink ink)
    {
        var line = new StyledLine();
        foreach (Column column in columns)
        {
            line.Add(column.Cell(pod, load, most), column.Header == "under way" ? ink : Ink.Plain);
        }

        return line;
    }

    private static string UnderWay(PodLoad load, double most) =>
        Shown.Bar(load.Running + load.Waiting, most, BarWidth).PadRight(BarWidth) + Shown.Count(load.Running + load.Waiting).PadLeft(4);

    private sealed record Column(string Header, int Width, int Rank, Func<PodFigures, PodLoad, double, string> Value, bool AlignRight = true)
    {
        public string Head => Align(Header);

        public string Cell(PodFigures pod, PodLoad load, double most) => Align(Value(pod, load, most));

        private string Align(string text) => AlignRight ? text.PadLeft(Width) : (" " + text).PadRight(Width);
    }
}
