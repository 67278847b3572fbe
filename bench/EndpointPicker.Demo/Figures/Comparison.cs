using System.Globalization;

namespace EndpointPicker.Demo.Figures;

/// <summary>Both sides' figures, and what to say of them.</summary>
internal sealed record Comparison(SideFigures Picker, SideFigures RoundRobin)
{
    // Less than a twentieth is within what two runs of the same differ by.
    private const double Noise = 1.05;

    /// <summary>How many times sooner the picker's median first token comes; below 1 when it comes later, null when one side has none.</summary>
    public double? FirstTokenGain => Gain(RoundRobin.FirstToken.P50, Picker.FirstToken.P50);

    /// <summary>How many times as long <paramref name="other"/> is as <paramref name="picker"/>; null without either.</summary>
    public static double? Gain(TimeSpan other, TimeSpan picker) => other > TimeSpan.Zero && picker > TimeSpan.Zero ? other / picker : null;

    /// <summary>One sentence of what the figures say, whoever is ahead.</summary>
    public string Conclusion()
    {
        // Answers that are not streamed show no first token.
        bool streamed = Picker.FirstToken.Count > 0 && RoundRobin.FirstToken.Count > 0;
        string what = streamed ? "first tokens" : "answers";
        Distribution ours = streamed ? Picker.FirstToken : Picker.Total;
        Distribution theirs = streamed ? RoundRobin.FirstToken : RoundRobin.Total;
        if (Gain(theirs.P50, ours.P50) is not { } median)
        {
            return "There are too few answers to compare.";
        }

        double tail = Gain(theirs.P95, ours.P95) ?? 1;
        string medianText = median switch
        {
            > Noise => string.Create(CultureInfo.InvariantCulture, $"The picker's {what} come {median:0.0} times sooner in the median"),
            < 1 / Noise => string.Create(CultureInfo.InvariantCulture, $"Round robin is ahead here: the picker's {what} come {1 / median:0.0} times later in the median"),
            _ => $"The picker's {what} come at the same time as round robin's in the median",
        };
        string tailText = tail switch
        {
            > Noise => string.Create(CultureInfo.InvariantCulture, $"{tail:0.0} times sooner"),
            < 1 / Noise => string.Create(CultureInfo.InvariantCulture, $"{1 / tail:0.0} times later"),
            _ => "at the same time",
        };
        return $"{medianText} and {tailText} at the 95th percentile{Why(median)}.";
    }

    // Only what speaks for the picker; where it is behind, the rest of the table says enough.
    private string Why(double median)
    {
        var reasons = new List<string>();
        if (Picker.HitRate - RoundRobin.HitRate >= 0.03)
        {
            reasons.Add(string.Create(
                CultureInfo.InvariantCulture, $"finds {Picker.HitRate * 100:0} % of the prompt tokens in a pod's cache, round robin {RoundRobin.HitRate * 100:0} %"));
        }

        if (RoundRobin.AdapterLoads - Picker.AdapterLoads > 2)
        {
            reasons.Add($"has LoRA adapters loaded {Times(Picker.AdapterLoads)}, not {Times(RoundRobin.AdapterLoads)}");
        }

        return reasons.Count == 0 ? "" : $"{(median > Noise ? ":" : ", though")} it {string.Join(", and ", reasons)}";
    }

    private static string Times(int count) => count switch
    {
        1 => "once",
        2 => "twice",
        _ => $"{count} times",
    };
}
