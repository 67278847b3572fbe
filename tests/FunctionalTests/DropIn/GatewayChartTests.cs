using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.DropIn;

/// <summary>The reference's gateway chart, with nothing exchanged but the image.</summary>
public sealed class GatewayChartTests(TestApiFixture server)
{
    [Fact]
    public async Task Chart_OfOneReplica_PicksAndShowsItsMetrics()
    {
        GatewayChart chart = await GatewayChart.ApplyAsync(server, ChartFiles.PodRole, ChartFiles.PoolRole);
        await using ModelServer model = await ModelServer.StartAsync();
        await using ReferencePicker picker = await chart.StartAsync("6d4cf56db6-mm2kv", more: "--metrics-endpoint-auth=false");
        Assert.False(await picker.ProbeAsync("inference-extension"));

        await chart.Space.PodAsync("vllm-0", "127.0.0.1");
        await chart.Space.PoolAsync(GatewayChart.Release, ports: $"{model.Port}");
        await picker.UntilProbeAsync("inference-extension");
        Assert.Equal($"127.0.0.1:{model.Port}", await picker.PickAsync());
        Assert.Equal("""{"model":"m","prompt":"p"}""", await picker.ForwardAsync("""{"model":"m","prompt":"p"}"""));

        await picker.UntilMetricAsync("llm_d_epp_ready_endpoints", 1);
        (int status, string page) = await picker.ScrapeAsync();
        Assert.Equal(200, status);
        Assert.Contains($$"""inference_pool_ready_pods{name="{{GatewayChart.Release}}"} 1""", page, StringComparison.Ordinal);
        Assert.Equal(1, PrometheusPage.Sum(page, "llm_d_epp_request_total"));
        Assert.Equal(1, PrometheusPage.Sum(page, "inference_objective_request_total"));
        GatewayChart.AssertQuiet(picker);
    }
}
