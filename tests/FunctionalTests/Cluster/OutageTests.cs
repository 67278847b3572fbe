using FunctionalTests.Harness;
using FunctionalTests.Rollouts;
using Testing;

namespace FunctionalTests.Cluster;

/// <summary>API servers of their own, for what others must not see: outages, CRDs that come later, the older API.</summary>
public sealed class OutageTests
{
    private const string Space = "demo";

    [Fact]
    public async Task ApiServer_GoneAndBack_TrafficGoesOnAndChangesAreCaughtUpWith()
    {
        await using TestApi api = await StartAsync(Fixtures.Require("crds", "inference-extension-v1.5.0"));
        ClusterSpace space = new(api, Space);
        await space.PodAsync("a", "127.0.0.11");
        await space.PoolAsync();
        await using EppProcess picker = await EppProcess.StartInClusterAsync(api.KubeConfig, Space, "--pool-name=pool");
        await picker.ReadyAsync();

        await api.StopAsync();
        await picker.ReadyAsync("ok; the cluster is not followed since ");
        await picker.UntilPageAsync("/metrics", "llm_d_epp_cluster_watch_connected{kind=\"pods\"} 0");
        Assert.Equal("127.0.0.11:8000", await picker.PickAsync());

        await using EppProcess second = await EppProcess.StartInClusterAsync(api.KubeConfig, Space, "--pool-name=pool");
        await Polling.UntilAsync(async () => (await second.ReadinessAsync()).Contains(api.Server.Authority, StringComparison.Ordinal));
        Assert.StartsWith("not ready: ", await second.ReadinessAsync(), StringComparison.Ordinal);

        await api.StartAgainAsync();
        await space.PodAsync("b", "127.0.0.12");
        await picker.UntilMembersAsync("a-rank-0 127.0.0.11:8000", "b-rank-0 127.0.0.12:8000");
        await Polling.UntilAsync(async () => await picker.ReadinessAsync() == "ok\n");
        await second.ReadyAsync();
        await second.UntilMembersAsync("a-rank-0 127.0.0.11:8000", "b-rank-0 127.0.0.12:8000");
        await Polling.UntilAsync(async () => await second.ReadinessAsync() == "ok\n");
        Assert.Equal(["ClusterFailing", "ClusterRecovered"], Troubles(picker));
        Assert.Equal(["ClusterFailing", "ClusterRecovered"], Troubles(second));
        Assert.Contains("what was last known stays", picker.Process.Output, StringComparison.Ordinal);
        Assert.Contains("nothing is known of that yet", second.Process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("what was last known stays", second.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApiServer_BackWithOlderData_PoolIsAsItSays()
    {
        await using TestApi api = await StartAsync(Fixtures.Require("crds", "inference-extension-v1.5.0"));
        ClusterSpace space = new(api, Space);
        await space.PodAsync("a", "127.0.0.11");
        await space.PoolAsync();
        using (ClusterWriter writer = new(api))
        {
            for (int i = 0; i < 400; i++)
            {
                await writer.MergeAsync($"api/v1/namespaces/{Space}/pods/a", $$$$"""{"metadata":{"labels":{"round":"{{{{i}}}}"}}}""");
            }
        }

        await space.PoolAsync(ports: "8000,8001");
        await using EppProcess picker = await EppProcess.StartInClusterAsync(api.KubeConfig, Space, "--pool-name=pool");
        await picker.UntilMembersAsync("a-rank-0 127.0.0.11:8000", "a-rank-1 127.0.0.11:8001");

        await api.StopAndForgetAsync();
        await picker.ReadyAsync("ok; the cluster is not followed since ");
        await api.StartAgainAsync();
        Assert.Equal(0, (await api.KubectlAsync($"create namespace {Space}")).ExitCode);
        await space.PodAsync("b", "127.0.0.12");
        await space.PoolAsync(ports: "9000");
        await picker.UntilMembersAsync("b-rank-0 127.0.0.12:9000");
        await Polling.UntilAsync(async () => await picker.ReadinessAsync() == "ok\n");
        Assert.Contains("is behind what was already seen of pods", picker.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Crds_InstalledWhileItRuns_AreFollowed()
    {
        await using TestApi api = await StartAsync(Fixtures.Require("crds", "llm-d-router-v0.10"));
        ClusterSpace space = new(api, Space);
        await space.PodAsync("a", "127.0.0.11");
        await using EppProcess picker = await EppProcess.StartInClusterAsync(api.KubeConfig, Space, "--pool-name=pool");
        await picker.ReadyAsync("not ready: the API server serves no InferencePools of inference.networking.k8s.io/v1 or inference.networking.x-k8s.io/v1alpha2");

        await InstallAsync(api, "inference-extension-v0.5.1");
        await ExperimentalPoolAsync(api);
        await picker.ReadyAsync();
        Assert.Equal(["a-rank-0 127.0.0.11:9000"], await picker.MembersAsync());
        await picker.Process.WaitForLineAsync(line => line.Contains("\"event\":\"LegacyPool\"", StringComparison.Ordinal));

        await api.ApplyAsync($$"""
            apiVersion: inference.networking.x-k8s.io/v1alpha2
            kind: InferenceModel
            metadata: { name: food, namespace: {{Space}} }
            spec: { modelName: food, criticality: Sheddable, poolRef: { name: pool }, targetModels: [{ name: food-1, weight: 100 }] }
            """);
        await Polling.UntilAsync(async () => await picker.RehearseAsync("food") == ("food-1", -1));

        await InstallAsync(api, "inference-extension-v1.5.0");
        await space.PoolAsync();
        await picker.UntilMembersAsync("a-rank-0 127.0.0.11:8000");
        await space.RunAsync("delete inferencepools.inference.networking.k8s.io pool");
        await picker.UntilMembersAsync("a-rank-0 127.0.0.11:9000");
        Assert.DoesNotContain("\"level\":\"error\"", picker.Process.Output, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Troubles(EppProcess picker) =>
        from line in picker.Process.Output.Split('\n')
        from name in (string[])["ClusterFailing", "ClusterRecovered", "WatchFailing", "Recovered"]
        where line.Contains($"\"event\":\"{name}\"", StringComparison.Ordinal)
        select name;

    private static async Task<TestApi> StartAsync(string crds)
    {
        TestApi api = await TestApi.StartAsync(new TestApiSettings { Crds = [crds] });
        Assert.Equal(0, (await api.KubectlAsync($"create namespace {Space}")).ExitCode);
        return api;
    }

    private static async Task InstallAsync(TestApi api, string crds)
    {
        foreach (string file in System.IO.Directory.GetFiles(Fixtures.Require("crds", crds), "*.yaml").Order(StringComparer.Ordinal))
        {
            await api.ApplyAsync(await File.ReadAllTextAsync(file));
        }

        await Polling.UntilAsync(async () => (await api.KubectlAsync("wait --for=condition=Established crd --all --timeout=1s")).ExitCode == 0);
    }

    private static Task ExperimentalPoolAsync(TestApi api) => Polling.UntilAsync(async () => (await api.KubectlAsync("apply -f -", $$"""
        apiVersion: inference.networking.x-k8s.io/v1alpha2
        kind: InferencePool
        metadata: { name: pool, namespace: {{Space}} }
        spec: { selector: { app: vllm }, targetPortNumber: 9000, extensionRef: { name: epp } }
        """)).ExitCode == 0);
}
