using System.Diagnostics;
using FunctionalTests.Harness;
using FunctionalTests.Process;
using Testing;
using Status = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace FunctionalTests.Cluster;

/// <summary>Replicas on one machine that elect a leader at a real API server, in real time.</summary>
public sealed class LeaderTests(TestApiFixture fixture)
{
    private static readonly string[] Replica = ["--endpoint=127.0.0.1:8000", "--pool-name=pool", "--ha-enable-leader-election"];

    // A lease holds 15 s from when its last renewal is seen, and who waits looks every 4.4 s at the latest; the rest is for a busy machine.
    private static readonly TimeSpan TakeOver = TimeSpan.FromSeconds(4.4 + 15 + 4.4 + 10);
    private static readonly TimeSpan HandOver = TimeSpan.FromSeconds(4.4 + 10);

    [Fact]
    public async Task Leader_KilledOrAskedToStop_IsFollowedByTheOther()
    {
        TestApi api = await fixture.GetAsync();
        string space = await fixture.NewNamespaceAsync();
        await using EppProcess first = await EppProcess.StartInClusterAsync(api.KubeConfig, space, Replica);
        await first.ReadyAsync();
        await using EppProcess second = await EppProcess.StartInClusterAsync(api.KubeConfig, space, Replica);
        await second.ReadyAsync("not ready: not the leader: ");
        Assert.Contains($"holds lease epp-{space}-pool.llm-d.ai", await second.ReadinessAsync(), StringComparison.Ordinal);
        await ExpectAsync(first, Status.Serving, 1, space);
        await ExpectAsync(second, Status.NotServing, 0, space);

        first.Process.KillNow();
        Assert.InRange(await UntilReadyAsync(second), TimeSpan.Zero, TakeOver);
        await ExpectAsync(second, Status.Serving, 1, space);

        await using EppProcess third = await EppProcess.StartInClusterAsync(api.KubeConfig, space, Replica);
        await third.ReadyAsync("not ready: not the leader: ");
        second.Process.Terminate();
        Assert.InRange(await UntilReadyAsync(third), TimeSpan.Zero, HandOver);
        Assert.Equal(0, await second.Process.Exited.DefaultTimeout());
        Assert.Contains("\"event\":\"Released\"", second.Process.Output, StringComparison.Ordinal);
        Assert.Equal("2", (await api.KubectlAsync($"-n {space} get lease epp-{space}-pool.llm-d.ai -o jsonpath={{.spec.leaseTransitions}}")).Output);
    }

    [Fact]
    public async Task Leader_CutOffFromTheApiServer_StaysReadyUntilItLearnsOfAnother()
    {
        TestApi api = await fixture.GetAsync();
        string space = await fixture.NewNamespaceAsync();
        await using CuttableProxy connection = new(api.Server.Port);
        string kubeConfig = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            kubeConfig,
            (await File.ReadAllTextAsync(api.KubeConfig, TestContext.Current.CancellationToken)).Replace($":{api.Server.Port}", $":{connection.Port}", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        await using EppProcess leader = await EppProcess.StartInClusterAsync(kubeConfig, space, Replica);
        await leader.ReadyAsync();

        connection.Refuse(true);
        connection.Reset();
        string notLeading = $"leader_election_master_status{{name=\"epp-{space}-pool.llm-d.ai\"}} 0";
        await Polling.UntilAsync(async () => (await leader.GetAsync("/metrics")).Contains(notLeading, StringComparison.Ordinal));
        Assert.StartsWith("ok", await leader.ReadinessAsync(), StringComparison.Ordinal);

        await using EppProcess other = await EppProcess.StartInClusterAsync(api.KubeConfig, space, Replica);
        Assert.InRange(await UntilReadyAsync(other), TimeSpan.Zero, TakeOver);
        Assert.StartsWith("ok", await leader.ReadinessAsync(), StringComparison.Ordinal);

        connection.Refuse(false);
        await leader.ReadyAsync("not ready: not the leader: ");
        File.Delete(kubeConfig);
    }

    [Fact]
    public async Task Replicas_ReadyEach_AreReadyWhoeverLeads()
    {
        TestApi api = await fixture.GetAsync();
        string space = await fixture.NewNamespaceAsync();
        string[] flags = [.. Replica, "--ha-ready-on-every-replica"];
        await using EppProcess first = await EppProcess.StartInClusterAsync(api.KubeConfig, space, flags);
        await using EppProcess second = await EppProcess.StartInClusterAsync(api.KubeConfig, space, flags);
        await first.ReadyAsync();
        await second.ReadyAsync();
        await Polling.UntilAsync(async () => (await first.GetAsync("/metrics") + await second.GetAsync("/metrics")).Contains("llm-d.ai\"} 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Election_WithoutAnApiServer_EndsTheStartAndSaysWhy()
    {
        await using ChildProcess epp = ChildProcess.Start(BuiltPrograms.Epp, Replica, new Dictionary<string, string> { ["KUBECONFIG"] = "/nowhere/config" });
        Assert.Equal(1, await epp.Exited.DefaultTimeout());
        Assert.Contains("--ha-enable-leader-election needs a Kubernetes API server for its lease: ", epp.Output, StringComparison.Ordinal);
        Assert.Contains("/nowhere/config", epp.Output, StringComparison.Ordinal);
    }

    private static async Task<TimeSpan> UntilReadyAsync(EppProcess picker)
    {
        long start = Stopwatch.GetTimestamp();
        await picker.ReadyAsync();
        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task ExpectAsync(EppProcess picker, Status readiness, int leads, string space)
    {
        using GrpcClient health = new(picker.HealthPort);
        await Polling.UntilAsync(
            async () => (await health.HealthAsync(),
                await health.HealthAsync("readiness"),
                await health.HealthAsync("envoy.service.ext_proc.v3.ExternalProcessor"),
                await health.HealthAsync("liveness"),
                await health.HealthAsync("inference-extension")),
            told => told == (readiness, readiness, readiness, Status.Serving, Status.ServiceUnknown));
        await picker.UntilPageAsync("/metrics", $"leader_election_master_status{{name=\"epp-{space}-pool.llm-d.ai\"}} {leads}");
    }
}
