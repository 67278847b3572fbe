using System.Text.Json;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Rollouts;

/// <summary>
/// What happens to a pool in its life, under load, with the picker's watches cut in the middle: no request is lost, and none goes to a pod that
/// is no longer a member.
/// </summary>
[Collection(RolloutCollection.Name)]
public sealed class RolloutTests(TestApiFixture api)
{
    private const int Clients = 8;
    private const int Settled = 200;

    [Theory]
    [InlineData("full-duplex-fail-closed")]
    [InlineData("inference-pool")]
    public async Task Scale_ThreeToFiftyToFive_LosesNothing(string profile)
    {
        await using ClusterChain chain = await ClusterChain.StartAsync(api, profile, pods: 3);
        await using SteadyLoad load = new(chain.Envoy.Port, Clients);
        await load.MoreAsync(Settled);

        Task growing = chain.AddAsync(47);
        await load.MoreAsync(20);
        chain.Connection.Reset();
        await growing;
        await load.MoreAsync(10 * Settled);
        Assert.True(load.Requests.Select(request => request.ServedBy).Distinct().Count() > 25, "the new pods got no work");

        Task shrinking = chain.TerminateAsync(load, [.. chain.Fleet.Members.Take(45)]);
        await load.MoreAsync(20);
        chain.Connection.Reset();
        await shrinking;
        await load.MoreAsync(Settled);

        chain.Judge(await load.StopAsync());
    }

    [Theory]
    [InlineData("full-duplex-fail-closed")]
    [InlineData("buffered-fail-open")]
    [InlineData("inference-pool")]
    public async Task RollingRestart_OfAllModelServers_LosesNothing(string profile)
    {
        await using ClusterChain chain = await ClusterChain.StartAsync(api, profile, pods: 4);
        await using SteadyLoad load = new(chain.Envoy.Port, Clients);
        foreach (Pod old in chain.Fleet.Members)
        {
            await load.MoreAsync(Settled);
            await chain.AddAsync(1, version: "2");
            chain.Connection.Reset();
            await chain.TerminateAsync(load, old);
        }

        await load.MoreAsync(Settled);
        chain.Judge(await load.StopAsync());
        Assert.Equal(8, chain.Fleet.All.Count(pod => !pod.Server.Received.IsEmpty));
    }

    [Theory]
    [InlineData("full-duplex-fail-closed")]
    [InlineData("buffered-fail-open")]
    public async Task PodThatIsReadyButDead_ItsRequestsGoElsewhere(string profile)
    {
        await using ClusterChain chain = await ClusterChain.StartAsync(api, profile, pods: 3);
        Pod dead = chain.Fleet.Members[0];
        await using (SteadyLoad before = new(chain.Envoy.Port, Clients))
        {
            await before.MoreAsync(Settled);
            chain.Judge(await before.StopAsync());
        }

        // It takes no connection any more, and nobody tells the API server. What was under way when it died is another matter: that is lost.
        await dead.Server.StopAsync();
        await Polling.UntilAsync(async () => (await chain.Envoy.PageAsync("clusters")).Contains($"inference_pool::{dead.Server.Address}::cx_active::0", StringComparison.Ordinal));
        await using SteadyLoad load = new(chain.Envoy.Port, Clients);
        await load.MoreAsync(Settled);
        chain.Connection.Reset();
        await load.MoreAsync(4 * Settled);

        chain.Judge(await load.StopAsync());
        Assert.Contains(dead.Server.Address, await chain.DestinationsAsync());
        Assert.DoesNotContain(load.Requests, request => request.ServedBy == dead.Server.Address);

        // Each needed one retry: none went to the dead server again.
        long retries = await chain.Envoy.StatAsync(@"^cluster\.inference_pool\.upstream_rq_retry$");
        Assert.True(retries > 0, "no request was sent to the dead server");
        Assert.Equal(retries, await chain.Envoy.StatAsync(@"^cluster\.inference_pool\.upstream_rq_retry_success$"));
    }

    [Theory]
    [InlineData("full-duplex-fail-closed")]
    [InlineData("inference-pool")]
    public async Task PodsRelabelled_LeaveThePoolAndComeBack(string profile)
    {
        await using ClusterChain chain = await ClusterChain.StartAsync(api, profile, pods: 3);
        await using SteadyLoad load = new(chain.Envoy.Port, Clients);
        await load.MoreAsync(Settled);

        Pod moved = chain.Fleet.Members[1];
        await chain.Fleet.RelabelAsync(moved, "debug");
        chain.Connection.Reset();
        await chain.LeaveAsync(moved);
        int before = moved.Server.Received.Count;
        await load.MoreAsync(Settled);
        chain.Judge([.. load.Requests]);
        Assert.InRange(moved.Server.Received.Count, before, before + Clients);

        await chain.Fleet.RelabelAsync(moved, "vllm");
        moved.GoneAt = long.MaxValue;
        chain.Connection.Reset();
        await chain.SettleAsync();
        await load.MoreAsync(Settled);
        chain.Judge(await load.StopAsync());
        Assert.True(moved.Server.Received.Count > before, "the pod that came back got no work");
    }

    [Fact]
    public async Task PoolsPortsChanged_RequestsGoToTheNewOnes()
    {
        await using ClusterChain chain = await ClusterChain.StartAsync(api, "inference-pool", pods: 3);
        int other = Fleet.FreePort();
        List<ModelServer> others = [];
        foreach (Pod pod in chain.Fleet.Members)
        {
            others.Add(await ModelServer.StartAsync(pod.Ip, other));
        }

        await using (SteadyLoad load = new(chain.Envoy.Port, Clients))
        {
            await load.MoreAsync(Settled);
            await chain.Cluster.MergeAsync(chain.PathOf("inferencepools", "pool"), $$"""{"spec":{"targetPorts":[ {"number":{{other}} }, {"number":{{chain.Fleet.Port}} }]} }""");
            chain.Connection.Reset();
            await Polling.UntilAsync(async () => (await chain.DestinationsAsync()).Count == 6);
            await load.MoreAsync(Settled);
            await chain.Cluster.MergeAsync(chain.PathOf("inferencepools", "pool"), $$"""{"spec":{"targetPorts":[ {"number":{{other}} }]} }""");
            chain.Connection.Reset();
            await Polling.UntilAsync(async () => (await chain.DestinationsAsync()).SetEquals(others.Select(server => server.Address)));
            int before = chain.Fleet.All.Sum(pod => pod.Server.Received.Count);
            await load.MoreAsync(Settled);

            IReadOnlyList<ServedRequest> requests = await load.StopAsync();
            Assert.All(requests, request => Assert.Equal(200, request.Status));
            Assert.InRange(chain.Fleet.All.Sum(pod => pod.Server.Received.Count), before, before + Clients);
            Assert.All(others, server => Assert.NotEmpty(server.Received));
        }

        foreach (ModelServer server in others)
        {
            await server.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("llm-d.ai/v1alpha2")]
    [InlineData("inference.networking.x-k8s.io/v1alpha2")]
    public async Task ObjectivesAndRewrites_Edited_TakeEffectUnderLoad(string groupVersion)
    {
        await using ClusterChain chain = await ClusterChain.StartAsync(api, "full-duplex-fail-closed", pods: 2);
        await using SteadyLoad load = new(chain.Envoy.Port, Clients);
        await load.MoreAsync(Settled);

        await chain.Cluster.CreateAsync(chain.PathOf("inferenceobjectives", groupVersion: groupVersion), Objective(groupVersion, 5));
        await Polling.UntilAsync(async () => await PriorityAsync(chain) == 5);
        await chain.Cluster.MergeAsync(chain.PathOf("inferenceobjectives", "batch", groupVersion), """{"spec":{"priority":-3}}""");
        chain.Connection.Reset();
        await Polling.UntilAsync(async () => await PriorityAsync(chain) == -3);

        await chain.Cluster.CreateAsync(chain.PathOf("inferencemodelrewrites", groupVersion: groupVersion), Rewrite(groupVersion, "m-v2"));
        await Polling.UntilAsync(() => Task.FromResult(Served(chain, "m-v2") > 0));
        await chain.Cluster.MergeAsync(chain.PathOf("inferencemodelrewrites", "canary", groupVersion), """{"spec":{"rules":[{"targets":[{"modelRewrite":"m-v3"}]}]}}""");
        chain.Connection.Reset();
        await Polling.UntilAsync(() => Task.FromResult(Served(chain, "m-v3") > 0));
        await chain.Cluster.DeleteAsync(chain.PathOf("inferencemodelrewrites", "canary", groupVersion));
        int rewritten = -1;
        await Polling.UntilAsync(async () =>
        {
            int before = rewritten;
            rewritten = Served(chain, "m-v3");
            await load.MoreAsync(Clients + 1);
            return rewritten == before;
        });

        chain.Judge(await load.StopAsync());
    }

    private static int Served(ClusterChain chain, string model) => chain.Fleet.All.Sum(pod => pod.Server.Received.Count(
        request => request.Body.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes($"\"model\":\"{model}\"")) >= 0));

    private static async Task<int> PriorityAsync(ClusterChain chain)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"http://127.0.0.1:{chain.Epp.MetricsPort}/explain") { Content = new StringContent("""{"model":"m","messages":[{"role":"user","content":"hello"}]}""") };
        request.Headers.Add("x-llm-d-inference-objective", "batch");
        using HttpClient client = new();
        using HttpResponseMessage answer = await client.SendAsync(request).DefaultTimeout();
        using JsonDocument decision = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return decision.RootElement.GetProperty("priority").GetInt32();
    }

    private static string Objective(string groupVersion, int priority) => $$$"""
        {"apiVersion":"{{{groupVersion}}}","kind":"InferenceObjective","metadata":{"name":"batch"},"spec":{"priority": {{{priority}}} ,"poolRef":{"name":"pool"} } }
        """;

    private static string Rewrite(string groupVersion, string model) => $$$"""
        {"apiVersion":"{{{groupVersion}}}","kind":"InferenceModelRewrite","metadata":{"name":"canary"},
         "spec":{"poolRef":{"name":"pool"},"rules":[{"matches":[{"model":{"value":"m"}}],"targets":[{"modelRewrite":"{{{model}}}"}]}]}}
        """;
}
