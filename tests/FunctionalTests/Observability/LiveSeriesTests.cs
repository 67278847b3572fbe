using System.Text.Json;
using System.Text.RegularExpressions;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Observability;

/// <summary>Each query of a dashboard and of an alert names series and labels that a running picker, Envoy and model server have.</summary>
[Collection(ObservedPoolTests.Name)]
public sealed partial class LiveSeriesTests(ObservedPool pool)
{
    // What this pool does not have: it is found by a file, and only discovery in Kubernetes has watches. Another test holds these to a live page.
    private const string Elsewhere = "llm_d_epp_cluster_watch_connected{kind=\"\"} 1\nllm_d_epp_cluster_events_total{kind=\"\"} 1\n";

    private readonly SeriesCatalogue _series = new([.. pool.Pages, Elsewhere]);

    [Fact]
    public void Panels_EachQuery_NamesLiveSeriesAndLabels()
    {
        List<string> faults = [];
        foreach (Dashboard board in DashboardTests.Boards)
        {
            foreach (Dashboard.Panel panel in board.Panels)
            {
                foreach ((string query, string legend) in panel.Targets)
                {
                    IReadOnlyList<string> variants = board.Expand(query);
                    faults.AddRange(_series.Faults(variants).Select(fault => $"{panel.Title}: {fault}"));
                    HashSet<string> labels = [.. variants.SelectMany(_series.ResultLabels)];
                    faults.AddRange(LegendLabel().Matches(legend).Select(match => match.Groups[1].Value).Where(label => !labels.Contains(label))
                        .Select(label => $"{panel.Title}: the legend names {label}, which the result does not have"));
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Variables_EachQuery_NamesLiveSeriesAndLabels()
    {
        JsonElement[] variables = [.. DashboardTests.Boards.SelectMany(board => board.Variables).Where(variable => variable.GetProperty("type").GetString() == "query")];
        Assert.NotEmpty(variables);
        Assert.All(variables, variable =>
        {
            Match query = LabelValues().Match(variable.GetProperty("definition").GetString()!);
            Assert.Empty(_series.Faults(query.Groups[1].Value));
            Assert.Contains(query.Groups[2].Value, _series.ResultLabels(query.Groups[1].Value));
        });
    }

    [Fact]
    public void Alerts_EachQueryAndText_NamesLiveSeriesAndLabels()
    {
        Assert.All(AlertRule.ReadAll(), rule =>
        {
            Assert.Empty(_series.Faults(rule.Query).Select(fault => $"{rule.Name}: {fault}"));
            string text = string.Concat(rule.Annotations.Values);
            Assert.All(TextLabel().Matches(text), label => Assert.Contains(label.Groups[1].Value, _series.ResultLabels(rule.Query)));
        });
    }

    /// <summary>Envoy's own figure for the same, and how it tells the picker.</summary>
    [Fact]
    public void TrippedBreaker_IsToldByPickerAndEnvoyAlike()
    {
        Assert.Equal(1, PrometheusPage.Sum(pool.Pages[0], "llm_d_epp_proxy_errors_total"));
        Assert.Contains("\nllm_d_epp_proxy_errors_total{flag=\"UO\"} 1\n", pool.Pages[0], StringComparison.Ordinal);
        Assert.Equal(1, PrometheusPage.Sum(pool.Pages[1], "envoy_cluster_upstream_rq_active_overflow"));
    }

    /// <summary>The simulator's names are held to a real server's elsewhere; those that people look at are held to them here too.</summary>
    [Fact]
    public void Panels_OfModelServers_NameWhatARealServerShows()
    {
        SeriesCatalogue real = new(File.ReadAllText(Fixtures.Require("engines", "vllm-0.32.0", "metrics", "04-prefix-cache-hits.txt")));
        string[] queries = [.. DashboardTests.Boards.SelectMany(board => board.Panels).SelectMany(panel => panel.Targets).Select(target => target.Query)
            .Where(query => query.Contains("vllm:", StringComparison.Ordinal)).Select(query => query.Replace("$__rate_interval", "5m", StringComparison.Ordinal))];
        Assert.True(queries.Length > 10);
        Assert.All(queries, query => Assert.Empty(real.Faults(query)));
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex LegendLabel();

    [GeneratedRegex(@"\$labels\.(\w+)")]
    private static partial Regex TextLabel();

    [GeneratedRegex(@"^label_values\((.*), (\w+)\)$")]
    private static partial Regex LabelValues();
}
