using System.Text.RegularExpressions;
using Testing;

namespace FunctionalTests.Observability;

/// <summary>The alerts, by Prometheus' own unit tests, and what people need to act on one.</summary>
public sealed partial class RuleTests
{
    private const string Runbook = "https://github.com/example/endpoint-picker/blob/main/docs/operations.md#";

    private static readonly string[] Severities = ["warning", "critical"];
    private static readonly IReadOnlyList<AlertRule> Alerts = AlertRule.ReadAll();
    private static readonly string UnitTests = Path.Combine(Dashboard.Folder, "rules", "endpoint-picker.tests.yaml");

    [Fact]
    public Task Rules_AreWellFormedForPrometheus() => Promtool.AcceptsAsync("check", "rules", AlertRule.File);

    [Fact]
    public Task Rules_OnTheirSeries_FireAndKeepSilentAsTheUnitTestsSay() => Promtool.AcceptsAsync("test", "rules", UnitTests);

    [Fact]
    public void UnitTests_OfEachAlert_HaveItFireAndKeepSilentOnSeriesOfItsOwn()
    {
        List<(string Test, string[] Firing)> checks = [];
        foreach (Dictionary<object, object> test in AlertRule.Groups(File.ReadAllText(UnitTests), "tests"))
        {
            checks.AddRange((test.TryGetValue("promql_expr_test", out object? list) ? AlertRule.List(list) : []).Select(check =>
                ((string)test["name"], FiringAlerts().Matches(string.Join(' ', AlertRule.List(check["exp_samples"]).Select(sample => sample["labels"]))).Select(match => match.Groups[1].Value).ToArray())));
        }

        Assert.All(Alerts, alert =>
        {
            Assert.Contains(checks, check => Own(check.Test, alert) && check.Firing.Contains(alert.Name));
            Assert.Contains(checks, check => Own(check.Test, alert) && check.Firing.Length == 0);
            Assert.Contains(checks, check => check is { Test: "healthy", Firing.Length: 0 });
        });
    }

    [Fact]
    public void Alerts_Each_SaysHowBadItIsAndWhereToRead()
    {
        Dictionary<string, string> parts = Parts(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "operations.md")));
        Assert.Equal(Alerts.Count, Alerts.Select(alert => alert.Name).Distinct().Count());
        Assert.All(Alerts, alert =>
        {
            Assert.Contains(alert.Severity, Severities);
            Assert.Matches("^[0-9]+m$", alert.For);
            Assert.Equal(["description", "runbook_url", "summary"], alert.Annotations.Keys.Order());
            Assert.StartsWith(Runbook, alert.Annotations["runbook_url"], StringComparison.Ordinal);
            string anchor = alert.Annotations["runbook_url"][Runbook.Length..];
            Assert.True(parts.TryGetValue(anchor, out string? part), $"{alert.Name}: docs/operations.md has no part {anchor}");
            Assert.Contains($"| `{alert.Name}` ({alert.Severity}) |", part, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Documentation_OfAlerts_KnowsNoOthers()
    {
        string document = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "operations.md"));
        Assert.Equal(Alerts.Select(alert => alert.Name).Order(), DocumentedAlert().Matches(document).Select(match => match.Groups[1].Value).Order());
    }

    /// <summary>The names by which alerts for inference pools have long been routed.</summary>
    [Theory]
    [InlineData("HighInferenceRequestLatencyP99", "warning")]
    [InlineData("HighInferenceErrorRate", "critical")]
    [InlineData("HighInferencePoolAvgQueueSize", "critical")]
    [InlineData("HighInferencePoolAvgKVCacheUtilization", "critical")]
    public void Alerts_KnownElsewhere_KeepNameSeverityAndTime(string name, string severity) =>
        Assert.Equal((severity, "5m"), Alerts.Where(alert => alert.Name == name).Select(alert => (alert.Severity, alert.For)).Single());

    [Fact]
    public void PrometheusRule_HasTheRulesOfBarePrometheus() => ShippedFile.Expect(
        "rules/prometheus-rule.yaml",
        """
        # From endpoint-picker.rules.yaml, by the tests with EPP_WRITE_DOCS=1; change that file.
        apiVersion: monitoring.coreos.com/v1
        kind: PrometheusRule
        metadata:
          name: endpoint-picker
          labels:
            app: epp
        spec:

        """ + string.Concat(File.ReadLines(AlertRule.File).Where(line => !line.StartsWith('#')).Select(line => $"  {line}\n")));

    private static bool Own(string test, AlertRule alert) => test.Split(',')[0] == alert.Name;

    private static Dictionary<string, string> Parts(string document) => Heading().Split(document).Skip(1).Chunk(2)
        .ToDictionary(part => Punctuation().Replace(part[0].ToLowerInvariant(), "").Replace(' ', '-'), part => part[1]);

    [GeneratedRegex(@"^#+ (.*)\n", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();

    [GeneratedRegex("alertname=\"(\\w+)\"")]
    private static partial Regex FiringAlerts();

    [GeneratedRegex(@"^\| `(\w+)` \((?:warning|critical)\) \|", RegexOptions.Multiline)]
    private static partial Regex DocumentedAlert();
}
