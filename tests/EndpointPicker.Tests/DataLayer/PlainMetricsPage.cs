using System.Globalization;
using System.Text.RegularExpressions;

namespace EndpointPicker.Tests.DataLayer;

/// <summary>A slow reader of metrics pages, for expected values: regular expressions over the whole text, nothing shared with the code under test.</summary>
internal sealed partial class PlainMetricsPage(string text)
{
    public IReadOnlyList<(string Name, Dictionary<string, string> Labels, double Value)> Samples { get; } =
        [.. Line().Matches(text).Select(m => (m.Groups[1].Value, Labels(m.Groups[2].Value), Number(m.Groups[3].Value)))];

    public int? Sum(string family) => Of(family) is { Count: > 0 } found ? (int)found.Sum(s => s.Value) : null;

    public double? Mean(string family) => Of(family) is { Count: > 0 } found ? found.Average(s => s.Value) : null;

    public List<(string Name, Dictionary<string, string> Labels, double Value)> Of(string family) => [.. Samples.Where(s => s.Name == family)];

    private static Dictionary<string, string> Labels(string text) => Label().Matches(text).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex("([a-zA-Z_]\\w*)=\"([^\"]*)\"")]
    private static partial Regex Label();
}
