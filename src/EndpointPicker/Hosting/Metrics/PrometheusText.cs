using System.Globalization;
using System.Text;

namespace EndpointPicker.Hosting.Metrics;

/// <summary>Writes families in the Prometheus text format, version 0.0.4.</summary>
/// <remarks>https://github.com/prometheus/docs/blob/main/docs/instrumenting/exposition_formats.md</remarks>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IReadOnlyList<Family> families)
    {
        StringBuilder page = new(64 * 1024);
        foreach (Family family in families)
        {
            Write(page, family, family.Name, $"[ALPHA] {family.Instrument.Description}", null);
            if (LegacyTwins.Of(family.Name) is { } twin)
            {
                string marker = twin.Marked ? $"[Deprecated: Use {family.Name}] " : "";
                Write(page, family, twin.Name, $"[ALPHA] {marker}{family.Instrument.Description}", twin.Labels);
            }
        }

        return page.ToString();
    }

    private static void Write(StringBuilder page, Family family, string name, string help, IReadOnlyList<(string Name, string From)>? labels)
    {
        Series[] series = [.. family.Series];
        if (series.Length == 0)
        {
            return;
        }

        // The names of Prometheus and OpenTelemetry are not ours to call unstable.
        string text = name.StartsWith("process_", StringComparison.Ordinal) || name.StartsWith("dotnet_", StringComparison.Ordinal) ? family.Instrument.Description ?? "" : help;
        page.Append("# HELP ").Append(name).Append(' ').Append(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
        page.Append("# TYPE ").Append(name).Append(' ').Append(TypeName(family.Kind)).Append('\n');
        foreach (IGrouping<string, Series> group in series.GroupBy(one => Labels(family, one, labels)).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            if (family.Kind == FamilyKind.Histogram)
            {
                WriteHistogram(page, name, group.Key, family.UpperBounds, [.. group]);
            }
            else
            {
                Line(page, name, group.Key, group.Sum(one => one.Sum));
            }
        }
    }

    private static void WriteHistogram(StringBuilder page, string name, string labels, ReadOnlySpan<double> bounds, Series[] merged)
    {
        long cumulative = 0;
        string prefix = labels.Length == 0 ? "" : labels + ",";
        for (int i = 0; i <= bounds.Length; i++)
        {
            foreach (Series series in merged)
            {
                cumulative += series.Buckets[i];
            }

            string bound = i == bounds.Length ? "+Inf" : Number(bounds[i]);
            page.Append(name).Append("_bucket{").Append(prefix).Append("le=\"").Append(bound).Append("\"} ").Append(cumulative).Append('\n');
        }

        // The count is the last bucket, so that the two agree however many observations land while the page is written.
        Line(page, name + "_sum", labels, merged.Sum(series => series.Sum));
        Line(page, name + "_count", labels, cumulative);
    }

    private static void Line(StringBuilder page, string name, string labels, double value)
    {
        page.Append(name);
        if (labels.Length > 0)
        {
            page.Append('{').Append(labels).Append('}');
        }

        page.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Labels(Family family, Series series, IReadOnlyList<(string Name, string From)>? labels)
    {
        StringBuilder text = new();
        if (labels is null)
        {
            for (int i = 0; i < family.LabelNames.Length; i++)
            {
                Label(text, family.LabelNames[i], series.Labels[i]);
            }
        }
        else
        {
            foreach ((string name, string from) in labels)
            {
                int index = Array.IndexOf(family.LabelNames, from);
                Label(text, name, index < 0 ? "" : series.Labels[index]);
            }
        }

        return text.ToString();
    }

    private static void Label(StringBuilder text, string name, string value)
    {
        if (text.Length > 0)
        {
            text.Append(',');
        }

        text.Append(name).Append("=\"");
        foreach (char c in value)
        {
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append("\\n"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }

    private static string TypeName(FamilyKind kind) => kind switch
    {
        FamilyKind.Counter => "counter",
        FamilyKind.Histogram => "histogram",
        _ => "gauge",
    };

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
