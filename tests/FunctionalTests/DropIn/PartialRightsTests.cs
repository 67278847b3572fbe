using FunctionalTests.Cluster;
using Testing;

namespace FunctionalTests.DropIn;

/// <summary>Clusters that have both generations of the API, and a picker that was granted one of them.</summary>
public sealed class PartialRightsTests
{
    private const string Space = "demo";
    private const string Account = "epp";
    private const string Pool = "pool";
    private const string Newer = "inference.networking.k8s.io";
    private const string Older = "inference.networking.x-k8s.io";

    [Fact]
    public async Task Picker_GrantedOneGeneration_ServesItAndTellsOnceWhatItMayNot()
    {
        await using TestApi api = await TestApi.StartAsync(new TestApiSettings
        {
            Crds = [Fixtures.Require("crds", "inference-extension-v0.5.1"), Fixtures.Require("crds", "inference-extension-v1.5.0"), Fixtures.Require("crds", "llm-d-router-v0.10")],
        });
        Assert.Equal(0, (await api.KubectlAsync($"create namespace {Space}")).ExitCode);
        ClusterSpace space = new(api, Space);
        await space.PodAsync("vllm-0", "127.0.0.11");

        await space.PoolAsync(Pool);
        await api.ApplyAsync(ChartFiles.Role(
            Space, "newer", "newer", ("", "pods", Verbs), (Newer, "inferencepools", Verbs), ("llm-d.ai", "inferenceobjectives, inferencemodelrewrites", Verbs)));
        string[] older = [$"inferencepools.{Older}", $"inferencemodels.{Older}", $"inferenceobjectives.{Older}", $"inferencemodelrewrites.{Older}"];
        await AssertServesAsync(
            api, "newer", "127.0.0.11:8000", older,
            () => api.ApplyAsync(ChartFiles.Role(Space, "newer", "late", (Older, "inferencepools, inferencemodels, inferenceobjectives, inferencemodelrewrites", Verbs))));

        await space.RunAsync($"delete inferencepools.{Newer} {Pool}");
        await api.ApplyAsync($$"""
            apiVersion: {{Older}}/v1alpha2
            kind: InferencePool
            metadata: { name: {{Pool}}, namespace: {{Space}} }
            spec: { selector: { app: vllm }, targetPortNumber: 9000, extensionRef: { name: epp } }
            """);
        await api.ApplyAsync(ChartFiles.Role(Space, "older", "older", ("", "pods", Verbs), (Older, "inferencepools, inferencemodels", Verbs)));
        await AssertServesAsync(
            api, "older", "127.0.0.11:9000",
            [$"inferencepools.{Newer}", "inferenceobjectives.llm-d.ai", "inferencemodelrewrites.llm-d.ai", $"inferenceobjectives.{Older}", $"inferencemodelrewrites.{Older}"]);
    }

    private const string Verbs = "get, watch, list";

    private static async Task AssertServesAsync(TestApi api, string account, string destination, string[] forbidden, Func<Task>? grant = null)
    {
        await api.RightsInForceAsync();
        await using ReferencePicker picker = await ReferencePicker.StartAsync(
            api, Space, account, $"{Account}-6d4cf56db6-mm2kv", ["--pool-name", Pool, "--pool-namespace", Space, "--zap-encoder", "json", "--config-file", "/config/default-plugins.yaml"]);
        await picker.UntilProbeAsync("inference-extension");
        Assert.Equal(destination, await picker.PickAsync());
        foreach (string resource in forbidden)
        {
            await picker.Process.WaitForLineAsync(line => line.Contains(resource, StringComparison.Ordinal) && line.Contains("forbids", StringComparison.Ordinal));
        }

        if (grant is not null)
        {
            // That it is heard of shows that the rights were tried again, without another word.
            await grant();
            await Polling.UntilAsync(() => Task.FromResult(picker.Lines("\"event\":\"Recovered\"").Length == forbidden.Length));
        }

        Assert.True(await picker.ProbeAsync("inference-extension"));
        Assert.Empty(picker.Lines("\"level\":\"error\""));
        Assert.All(forbidden, resource => Assert.Single(picker.Lines("\"level\":\"warn\"", "forbids", resource)));
    }
}
