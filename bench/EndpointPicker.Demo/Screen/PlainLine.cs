using System.Globalization;
using EndpointPicker.Demo.Figures;

namespace EndpointPicker.Demo.Screen;

/// <summary>The live view in one line, for logs.</summary>
internal static class PlainLine
{
    public static string Of(LiveView view)
    {
        string verdict = Comparison.Gain(view.RoundRobin.Recent.FirstToken.P50, view.Picker.Recent.FirstToken.P50) switch
        {
            >= 1 and { } gain => string.Create(CultureInfo.InvariantCulture, $"the picker's first token {gain:0.0} times sooner"),
            { } gain => string.Create(CultureInfo.InvariantCulture, $"the picker's first token {1 / gain:0.0} times later"),
            null => "no first tokens yet",
        };
        return $"{view.Elapsed.TotalSeconds,4:0} s  {verdict}  (round robin {Side(view.RoundRobin)}; picker {Side(view.Picker)})";
    }

    private static string Side(SideView side) =>
        $"p50 {Shown.Time(side.Recent.FirstToken.P50)}, p95 {Shown.Time(side.Recent.FirstToken.P95)}, cached {Shown.Share(side.Recent.HitRate)}, "
        + $"{side.Whole.Served} served, {side.Whole.Unanswered} under way, {side.Whole.Failed} failed";
}
