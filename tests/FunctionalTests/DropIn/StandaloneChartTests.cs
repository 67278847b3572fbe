using FunctionalTests.Cluster;
using Testing;

namespace FunctionalTests.DropIn;

/// <summary>The reference's standalone chart on a cluster without any CRD.</summary>
public sealed class StandaloneChartTests
{
    private const string Space = "llm";
    private const string Name = "vllm-qwen3-epp";

    [Fact]
    public async Task Chart_WithASelector_NeedsTheRightToPodsAlone()
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal(0, (await api.KubectlAsync($"create namespace {Space}")).ExitCode);
        await api.ApplyAsync(ChartFiles.PodRole(Space, Name));
        await api.RightsInForceAsync();
        ClusterSpace space = new(api, Space);
        await space.PodAsync("vllm-0", "127.0.0.11");
        await space.RunAsync("label pod vllm-0 tier=gold");
        await space.PodAsync("vllm-1", "127.0.0.12");
        await using ReferencePicker picker = await ReferencePicker.StartAsync(
            api,
            Space,
            Name,
            $"{Name}-6d4cf56db6-mm2kv",
            [
                "--endpoint-selector", "app=vllm,tier=gold", "--endpoint-target-ports", "8000,8001", "--zap-encoder", "json",
                "--config-file", "/config/default-plugins.yaml", "--grpc-health-port", "9003", "--tracing=false", "--metrics-endpoint-auth=false",
            ]);

        await picker.UntilProbeAsync("inference-extension");
        await picker.UntilMetricAsync("llm_d_epp_pool_endpoints", 2);
        Assert.StartsWith("127.0.0.11:800", await picker.PickAsync(), StringComparison.Ordinal);
        Assert.Contains($$"""inference_pool_ready_pods{name="{{Name}}"}""", (await picker.ScrapeAsync()).Page, StringComparison.Ordinal);
        Assert.Empty(picker.Lines("\"level\":\"error\""));
        Assert.Empty(picker.Lines("forbidden"));
    }
}
