using Testing;

namespace FunctionalTests.DropIn;

/// <summary>The reference's gateway chart with monitoring: scrapers show a token.</summary>
public sealed class MetricsAccessTests(TestApiFixture server)
{
    [Fact]
    public async Task Chart_WithMonitoring_AnswersScrapersWithTheRight()
    {
        GatewayChart chart = await GatewayChart.ApplyAsync(server, ChartFiles.PodRole, ChartFiles.PoolRole, ChartFiles.ReviewRole);
        await chart.Api.ApplyAsync(ChartFiles.ClusterRole(chart.Space.Name, "prometheus", $"scraper-{chart.Space.Name}", "- { nonResourceURLs: [/metrics], verbs: [get] }"));
        await chart.Api.RightsInForceAsync();
        await chart.Space.PodAsync("vllm-0", "127.0.0.11");
        await chart.Space.PoolAsync(GatewayChart.Release);
        await using ReferencePicker picker = await chart.StartAsync("6d4cf56db6-mm2kv");
        await picker.UntilProbeAsync("inference-extension");

        Assert.Equal(401, (await picker.ScrapeAsync()).Status);
        Assert.Equal(401, (await picker.ScrapeAsync("no.such.token")).Status);
        Assert.Equal(403, (await picker.ScrapeAsync(await chart.Api.ServiceAccountTokenAsync(chart.Space.Name, "somebody"))).Status);
        (int status, string page) = await picker.ScrapeAsync(await chart.Api.ServiceAccountTokenAsync(chart.Space.Name, "prometheus"));
        Assert.Equal(200, status);
        Assert.Contains("llm_d_epp_info{", page, StringComparison.Ordinal);

        // The ServiceMonitor's Secret holds a token of the picker's own account.
        Assert.Equal(200, (await picker.ScrapeAsync(await chart.Api.ServiceAccountTokenAsync(chart.Space.Name, GatewayChart.Name))).Status);
        GatewayChart.AssertQuiet(picker);
    }
}
