using FunctionalTests.Cluster;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.DropIn;

/// <summary>The manifests of the inference extension's release 0.3.0, as its tutorials have them.</summary>
public sealed class TutorialTests
{
    private const string Space = "default";
    private const string Account = "picker";
    private const string Pool = "vllm-llama3-8b-instruct";

    [Fact]
    public async Task Tutorial_OfRelease030_PicksAndSplitsTheModel()
    {
        await using TestApi api = await TestApi.StartAsync(new TestApiSettings { Crds = [Fixtures.Require("crds", "inference-extension-v0.3.0")] });
        await api.ApplyAsync(Rights);
        await api.RightsInForceAsync();
        await using ModelServer model = await ModelServer.StartAsync();
        ClusterSpace space = new(api, Space);
        await space.PodAsync("vllm-0", "127.0.0.1");
        await api.ApplyAsync($$"""
            apiVersion: inference.networking.x-k8s.io/v1alpha2
            kind: InferencePool
            metadata: { name: {{Pool}}, namespace: {{Space}} }
            spec:
              targetPortNumber: {{model.Port}}
              selector: { app: vllm }
              extensionRef: { name: {{Pool}}-epp }
            ---
            apiVersion: inference.networking.x-k8s.io/v1alpha2
            kind: InferenceModel
            metadata: { name: food-review, namespace: {{Space}} }
            spec:
              modelName: food-review
              criticality: Standard
              poolRef: { name: {{Pool}} }
              targetModels: [{ name: food-review-1, weight: 100 }]
            """);
        await using ReferencePicker picker = await ReferencePicker.StartAsync(
            api, Space, Account, $"{Pool}-epp-7cc4d5f8b-x2x4z", ["-poolName", Pool, "-v", "4", "--zap-encoder", "json", "-grpcPort", "9002", "-grpcHealthPort", "9003"]);

        await picker.UntilProbeAsync("inference-extension");
        Assert.Equal($"127.0.0.1:{model.Port}", await picker.PickAsync());
        await Polling.UntilAsync(async () => await picker.ForwardAsync("""{"model":"food-review","prompt":"p"}""") == """{"model":"food-review-1","prompt":"p"}""");
        Assert.Empty(picker.Lines("\"level\":\"error\""));
        Assert.Empty(picker.Lines("forbidden"));

        // Prometheus scraped with a token then, too.
        await api.ApplyAsync(ChartFiles.ClusterRole(Space, "prometheus", "inference-gateway-metrics-reader", "- { nonResourceURLs: [/metrics], verbs: [get] }"));
        await api.RightsInForceAsync();
        (int status, string page) = await picker.ScrapeAsync(await api.ServiceAccountTokenAsync(Space, "prometheus"));
        Assert.Equal(200, status);
        Assert.Contains($$"""inference_pool_average_kv_cache_utilization{name="{{Pool}}"}""", page, StringComparison.Ordinal);
    }

    private static string Rights => ChartFiles.ClusterRole(
        Space,
        Account,
        "pod-read",
        """
        - { apiGroups: [inference.networking.x-k8s.io], resources: [inferencemodels], verbs: [get, watch, list] }
        - { apiGroups: [""], resources: [pods], verbs: [get, watch, list] }
        - { apiGroups: [inference.networking.x-k8s.io], resources: [inferencepools], verbs: [get, watch, list] }
        - { apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [get, watch, list] }
        - { apiGroups: [authentication.k8s.io], resources: [tokenreviews], verbs: [create] }
        - { apiGroups: [authorization.k8s.io], resources: [subjectaccessreviews], verbs: [create] }
        """);
}
