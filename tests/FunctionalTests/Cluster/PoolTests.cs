using System.Diagnostics;
using System.Text.Json;
using EndpointPicker.LoadGenerator.Client;
using FunctionalTests.Harness;
using FunctionalTests.Process;
using Testing;

namespace FunctionalTests.Cluster;

/// <summary>The real process follows the objects of a real API server.</summary>
public sealed class PoolTests(TestApiFixture server)
{
    [Fact]
    public async Task Pool_MadeChangedDeletedAndMadeAgain_IsFollowed()
    {
        (TestApi api, ClusterSpace space) = await SpaceAsync();
        await using EppProcess picker = await EppProcess.StartInClusterAsync(api.KubeConfig, space.Name, "--pool-name=pool");
        await picker.ReadyAsync($"not ready: there is no InferencePool {space.Name}/pool of inference.networking.k8s.io/v1 or inference.networking.x-k8s.io/v1alpha2");

        await space.PodAsync("a", "127.0.0.11");
        await space.PodAsync("stranger", "127.0.0.99", app: "other");
        await space.PoolAsync();
        await picker.ReadyAsync();
        Assert.Equal(["a-rank-0 127.0.0.11:8000"], await picker.MembersAsync());
        Assert.Equal("127.0.0.11:8000", await picker.PickAsync());

        await space.PodAsync("b", "127.0.0.12", activePorts: "8001");
        await space.PoolAsync(ports: "8000,8001");
        await picker.UntilMembersAsync("a-rank-0 127.0.0.11:8000", "a-rank-1 127.0.0.11:8001", "b-rank-1 127.0.0.12:8001");
        await space.StatusAsync("a", "False", "127.0.0.11");
        await picker.UntilMembersAsync("b-rank-1 127.0.0.12:8001");
        Assert.Equal("127.0.0.12:8001", await picker.PickAsync());
        await space.RunAsync("label pod stranger app=vllm --overwrite");
        await space.RunAsync("label pod b app=other --overwrite");
        await picker.UntilMembersAsync("stranger-rank-0 127.0.0.99:8000", "stranger-rank-1 127.0.0.99:8001");
        await space.RunAsync("annotate pod b llm-d.ai/active-ports=8000 --overwrite");
        await space.PoolAsync(app: "other");
        await picker.UntilMembersAsync("b-rank-0 127.0.0.12:8000");

        await space.RunAsync("delete inferencepool pool");
        await picker.ReadyAsync("not ready: there is no InferencePool");
        Assert.Empty(await picker.MembersAsync());
        await space.PoolAsync(app: "other");
        await picker.ReadyAsync();
        Assert.Equal("127.0.0.12:8000", await picker.PickAsync());
        Assert.DoesNotContain("\"level\":\"error\"", picker.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Objective_Edited_TakesEffectWithinASecond()
    {
        (TestApi api, ClusterSpace space) = await SpaceAsync();
        await space.PodAsync("a", "127.0.0.11");
        await space.PoolAsync();
        await space.ObjectiveAsync("urgent", 1, "inference.networking.x-k8s.io");
        await using EppProcess picker = await EppProcess.StartInClusterAsync(api.KubeConfig, space.Name, "--pool-name=pool", "--pool-group=inference.networking.k8s.io");
        await picker.ReadyAsync();
        Assert.Equal(1, await PriorityAsync(picker));

        // A busy machine may miss the second now and then; who does not watch misses it each time.
        TimeSpan quickest = TimeSpan.MaxValue;
        for (int priority = 7; priority < 17 && quickest > TimeSpan.FromSeconds(1); priority++)
        {
            await space.ObjectiveAsync("urgent", priority);
            long edited = Stopwatch.GetTimestamp();
            await UntilPriorityAsync(picker, priority);
            TimeSpan taken = Stopwatch.GetElapsedTime(edited);
            quickest = taken < quickest ? taken : quickest;
        }

        Assert.InRange(quickest, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await space.RunAsync("delete inferenceobjectives.llm-d.ai urgent");
        await UntilPriorityAsync(picker, 1);
    }

    [Fact]
    public async Task Selector_OfPods_NeedsNoPoolObject()
    {
        (TestApi api, ClusterSpace space) = await SpaceAsync();
        await space.PodAsync("a", "127.0.0.11");
        await space.PodAsync("b", "127.0.0.12", app: "sglang");
        await space.PodAsync("c", "127.0.0.13", app: "other");
        await using EppProcess picker = await EppProcess.StartInClusterAsync(
            api.KubeConfig, space.Name, "--endpoint-selector=app in (vllm, sglang),!canary", "--endpoint-target-ports=8000");
        await picker.ReadyAsync();
        await picker.UntilMembersAsync("a-rank-0 127.0.0.11:8000", "b-rank-0 127.0.0.12:8000");
        Assert.Contains("llm_d_epp_ready_endpoints{name=\"picker\"}", await picker.GetAsync("/metrics"), StringComparison.Ordinal);
        await space.RunAsync("label pod a canary=yes");
        await picker.UntilMembersAsync("b-rank-0 127.0.0.12:8000");
    }

    [Fact]
    public async Task Selector_OfPools_TheyComeAndGo()
    {
        (TestApi api, ClusterSpace space) = await SpaceAsync();
        await space.PodAsync("a", "127.0.0.11");
        await using EppProcess picker = await EppProcess.StartInClusterAsync(api.KubeConfig, space.Name, "--pool-selector=served=yes");
        await picker.ReadyAsync($"not ready: there is no InferencePool in {space.Name} with served=yes");
        await space.PoolAsync("one");
        await picker.ReadyAsync();
        await picker.UntilMembersOfAsync("one", "a-rank-0 127.0.0.11:8000");
        await space.PoolAsync("two", ports: "9000");
        await picker.UntilPageAsync("/board/state", "\"pools\":[\"one\",\"two\"]");
        await picker.UntilMembersOfAsync("two", "a-rank-0 127.0.0.11:9000");
        await space.RunAsync("label inferencepool one served-");
        await picker.UntilPageAsync("/board/state", "\"pools\":[\"two\"]");
        await Polling.UntilAsync(picker.PickAsync, destination => destination == "127.0.0.11:9000");
    }

    [Fact]
    public async Task Pools_OfOneProcess_ShareTheWatchesOfRules()
    {
        (TestApi api, ClusterSpace space) = await SpaceAsync();
        await space.PodAsync("a", "127.0.0.11");
        await space.PoolAsync("one");
        await using EppProcess picker = await EppProcess.StartInClusterAsync(api.KubeConfig, space.Name, "--pool-name=one,two");
        await picker.ReadyAsync();
        await space.PoolAsync("two", ports: "9000");
        await picker.UntilMembersOfAsync("two", "a-rank-0 127.0.0.11:9000");
        await picker.UntilPageAsync("/metrics", "llm_d_epp_cluster_watch_connected{kind=\"pods\"} 1");
        string metrics = await picker.GetAsync("/metrics");
        Assert.Contains("llm_d_epp_cluster_lists_total{kind=\"inferencepools.inference.networking.k8s.io\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("llm_d_epp_cluster_lists_total{kind=\"inferenceobjectives.llm-d.ai\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("llm_d_epp_cluster_watch_connected{kind=\"inferencemodels", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rights_OneMissing_IsNamedInReadinessAndLog()
    {
        (TestApi api, ClusterSpace space) = await SpaceAsync();
        await space.PoolAsync();
        string token = await api.ServiceAccountTokenAsync(space.Name, "epp");
        await space.RunAsync(
            "create role epp --verb=get,list,watch --resource=inferencepools.inference.networking.k8s.io,inferenceobjectives.llm-d.ai,inferencemodelrewrites.llm-d.ai,"
            + "inferenceobjectives.inference.networking.x-k8s.io,inferencemodelrewrites.inference.networking.x-k8s.io");
        await space.RunAsync($"create rolebinding epp --role=epp --serviceaccount={space.Name}:epp");
        await api.RightsInForceAsync();
        string folder = System.IO.Directory.CreateTempSubdirectory("epp-rights-").FullName;
        string kubeConfig = Path.Combine(folder, "config");
        string admin = await File.ReadAllTextAsync(api.KubeConfig, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(kubeConfig, admin.Replace(api.AdminToken, token, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await using (EppProcess picker = await EppProcess.StartInClusterAsync(kubeConfig, space.Name, "--pool-name=pool"))
        {
            await picker.ReadyAsync("not ready: The API server forbids to list pods");
            Assert.Single(picker.Process.Output.Split('\n'), line => line.Contains("\"level\":\"warn\"", StringComparison.Ordinal) && line.Contains("cannot be followed", StringComparison.Ordinal));
            await space.RunAsync("create role pods --verb=get,list,watch --resource=pods");
            await space.RunAsync($"create rolebinding pods --role=pods --serviceaccount={space.Name}:epp");
            await picker.ReadyAsync();
        }

        System.IO.Directory.Delete(folder, recursive: true);
    }

    private static async Task UntilPriorityAsync(EppProcess picker, int priority) => await Polling.UntilAsync(() => PriorityAsync(picker), found => found == priority);

    // Of the last decision, which this makes.
    private static async Task<int> PriorityAsync(EppProcess picker)
    {
        await using ExtProcStream stream = picker.Client.Open(TestContext.Current.CancellationToken);
        Assert.True(await stream.SendAsync(ExtProcMessages.Headers(body: false, ("x-llm-d-inference-objective", "urgent"))));
        Assert.NotNull(await stream.ReadAsync().DefaultTimeout());
        stream.CompleteSending();
        Assert.Null(await stream.ReadAsync().DefaultTimeout());
        using JsonDocument page = JsonDocument.Parse(await picker.GetAsync("/explain?last=1"));
        return page.RootElement.GetProperty("decisions")[0].GetProperty("priority").GetInt32();
    }

    private async Task<(TestApi Api, ClusterSpace Space)> SpaceAsync()
    {
        TestApi api = await server.GetAsync();
        return (api, new ClusterSpace(api, await server.NewNamespaceAsync()));
    }
}
