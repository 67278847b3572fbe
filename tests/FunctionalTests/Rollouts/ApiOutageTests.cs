using System.Diagnostics;
using System.Globalization;
using System.Net;
using FunctionalTests.Harness;
using FunctionalTests.Process;
using Grpc.Health.V1;
using Testing;

namespace FunctionalTests.Rollouts;

/// <summary>The API server goes away, for half a minute or as long as <c>EPP_OUTAGE_SECONDS</c> says (<c>bench/outage</c>).</summary>
[Collection(RolloutCollection.Name)]
public sealed class ApiOutageTests
{
    private const int Clients = 4;

    private static TimeSpan Outage => TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable("EPP_OUTAGE_SECONDS"), CultureInfo.InvariantCulture, out double seconds) ? seconds : 30);

    [Fact]
    public async Task ApiServer_Gone_TrafficGoesOnAndReadinessSaysSo()
    {
        await using TestApi api = await StartApiAsync();
        await using ClusterChain chain = await ClusterChain.StartAsync(api, "outage", "full-duplex-fail-closed", pods: 4);
        using GrpcClient health = new(chain.Epp.HealthPort);
        List<ServedRequest> requests = [];
        async Task LoadAsync(Func<SteadyLoad, Task> until)
        {
            await using SteadyLoad load = new(chain.Envoy.Port, Clients);
            await until(load);
            requests.AddRange(await load.StopAsync());
        }

        await LoadAsync(load => load.MoreAsync(100));
        await api.StopAsync();
        long goneAt = Stopwatch.GetTimestamp();
        chain.Connection.Reset();
        await Polling.UntilAsync(async () => (await chain.Epp.GetAsync("/readyz")).Contains("API server", StringComparison.Ordinal));

        // What the picker learns of the servers themselves still counts: of one that is full, which had a third of the work, and of one that is dead.
        Pod full = chain.Fleet.Members[0];
        full.Server.Waiting = 100;
        Pod dead = chain.Fleet.Members[1];
        await dead.Server.StopAsync();
        await chain.Epp.UntilMetricAsync("llm_d_epp_ready_endpoints", 3);
        int before = full.Server.Received.Count;
        await LoadAsync(async load =>
        {
            while (Stopwatch.GetElapsedTime(goneAt) < Outage)
            {
                await load.MoreAsync(50);
            }
        });
        int after = requests.Count(request => request.StartedAt > goneAt);
        Assert.InRange(full.Server.Received.Count - before, 0, after / 10);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await health.HealthAsync("readiness"));
        Assert.Equal(4, (await chain.DestinationsAsync()).Count);

        await api.StartAgainAsync();
        full.Server.Waiting = 0;
        await chain.AddAsync(1);
        await Polling.UntilAsync(async () => !(await chain.Epp.GetAsync("/readyz")).Contains("API server", StringComparison.Ordinal));
        await LoadAsync(load => load.MoreAsync(200));
        chain.Judge(requests);
        Assert.NotEmpty(chain.Fleet.Members[^1].Server.Received);
    }

    [Fact]
    public async Task Start_WithoutAnApiServer_WaitsAndSaysWhy()
    {
        await using TestApi api = await StartApiAsync();
        await api.StopAsync();
        await using EppProcess epp = await EppProcess.StartInClusterAsync(api.KubeConfig, "elsewhere", "--pool-name=pool", "--pool-namespace=outage");
        using GrpcClient health = new(epp.HealthPort);
        using HttpClient client = new();

        await Polling.UntilAsync(epp.ReadinessAsync, answer => answer.Contains("API server", StringComparison.Ordinal));
        string serving = await epp.Process.WaitForLineAsync(line => line.Contains("\"event\":\"Serving\"", StringComparison.Ordinal));
        Assert.Contains("\"msg\":\"Listening and warm, for pool; not ready: ", serving, StringComparison.Ordinal);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, await health.HealthAsync("readiness"));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await health.HealthAsync("liveness"));
        using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://127.0.0.1:{epp.MetricsPort}/readyz"), TestContext.Current.CancellationToken).DefaultTimeout();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);

        await api.StartAgainAsync();
        using ClusterWriter cluster = new(api);
        await cluster.CreateAsync("apis/inference.networking.k8s.io/v1/namespaces/outage/inferencepools", ClusterChain.PoolObject(8000));
        await epp.Process.WaitForLineAsync(line => line.Contains("\"event\":\"Ready\"", StringComparison.Ordinal));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await health.HealthAsync("readiness"));
    }

    private static async Task<TestApi> StartApiAsync()
    {
        TestApi api = await TestApi.StartAsync(new TestApiSettings
        {
            Crds = [Fixtures.Require("crds", "inference-extension-v1.5.0"), Fixtures.Require("crds", "llm-d-router-v0.10")],
        });
        await api.KubectlAsync("create namespace outage");
        return api;
    }
}
