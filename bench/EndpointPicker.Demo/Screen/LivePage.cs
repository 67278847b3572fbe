using EndpointPicker.Demo.Figures;

namespace EndpointPicker.Demo.Screen;

/// <summary>The live view as a page of lines: who is ahead, the pods of both, and why the picker picked.</summary>
internal static class LivePage
{
    /// <summary>Columns from which both sides have room beside each other.</summary>
    public const int SideBySide = 100;

    /// <summary>At most <paramref name="height"/> lines of at most <paramref name="width"/> columns; decisions take what is left.</summary>
    public static IReadOnlyList<StyledLine> Lines(LiveView view, int width, int height)
    {
        var comparison = new Comparison(view.Picker.Recent, view.RoundRobin.Recent);
        List<StyledLine> lines =
        [
            Title(view, width),
            .. Wrapped(view.Subtitle, Ink.Dim, width),
            StyledLine.Empty,
            .. Wrapped(comparison.Conclusion(), comparison.FirstTokenGain < 1 ? Ink.Worse : Ink.Better, width),
            StyledLine.Empty,
            .. Race.Lines(view, width),
            StyledLine.Empty,
            .. Pods(view, width),
        ];
        var foot = new StyledLine().Add(" More at ", Ink.Dim).Add(view.Board.ToString()).Add("   Ctrl-C ends all of it", Ink.Dim);
        int room = height - lines.Count - 2;
        if (room > 2)
        {
            lines.Add(StyledLine.Empty);
            lines.AddRange(DecisionList.Lines(view, room - 1));
        }

        if (lines.Count + 1 < height)
        {
            lines.Add(StyledLine.Empty);
        }

        return [.. lines.Take(height - 1).Append(foot).Select(line => line.Clip(width))];
    }

    private static StyledLine Title(LiveView view, int width)
    {
        StyledLine title = new StyledLine().Add(" ").Add("EndpointPicker", Ink.Better).Add(" against ", Ink.Bold).Add("round robin", Ink.Worse);
        string clock = view.Elapsed < view.Duration
            ? $"{view.Elapsed.TotalSeconds:0} s of {view.Duration.TotalSeconds:0} s "
            : $"{view.Picker.Whole.Unanswered + view.RoundRobin.Whole.Unanswered} answers to come ";
        return title.Fit(Math.Max(title.Width + 2, width - clock.Length)).Add(clock);
    }

    private static IEnumerable<StyledLine> Wrapped(string text, Ink ink, int width)
    {
        var line = new StyledLine().Add(" ");
        foreach (string word in text.Replace(" %", "\u00a0%", StringComparison.Ordinal).Split(' '))
        {
            if (line.Width + word.Length + 1 > width)
            {
                yield return line;
                line = new StyledLine().Add(" ");
            }

            // A number and its percent sign stay on one line.
            line.Add(word.Replace('\u00a0', ' ') + " ", ink);
        }

        yield return line;
    }

    private static IEnumerable<StyledLine> Pods(LiveView view, int width)
    {
        double most = view.Picker.Loads.Concat(view.RoundRobin.Loads).Select(load => load.Running + load.Waiting).DefaultIfEmpty().Max();
        if (width < SideBySide)
        {
            return
            [
                .. PodTable.Lines("ROUND ROBIN", view.RoundRobin, Ink.RoundRobin, most, width),
                StyledLine.Empty,
                .. PodTable.Lines("PICKER", view.Picker, Ink.Picker, most, width),
            ];
        }

        int half = (width - 3) / 2;
        return PodTable.Lines("ROUND ROBIN", view.RoundRobin, Ink.RoundRobin, most, half)
            .Zip(PodTable.Lines("PICKER", view.Picker, Ink.Picker, most, half), (left, right) => left.Fit(half).Add(" │ ", Ink.Dim).Add(right));
    }
}
