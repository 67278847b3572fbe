using System.Text.Json.Nodes;
using FunctionalTests.Deploy;
using Testing;

namespace FunctionalTests.DropIn;

/// <summary>The reference's gateway chart with two replicas.</summary>
public sealed class LeaderElectionTests(TestApiFixture server)
{
    [Fact]
    public async Task Chart_OfTwoReplicas_OneLeadsAndTheOtherFollowsOn()
    {
        GatewayChart chart = await GatewayChart.ApplyAsync(server, ChartFiles.PodRole, ChartFiles.PoolRole, ChartFiles.LeaseRole);
        await chart.Space.PodAsync("vllm-0", "127.0.0.11");
        await chart.Space.PoolAsync(GatewayChart.Release);
        await using ReferencePicker first = await chart.StartAsync("5c9b8d7f4-aaaaa", leaderElection: true);
        await first.UntilProbeAsync("readiness");
        JsonNode lease = await LeaseAsync(chart);
        Assert.Equal(15, lease["leaseDurationSeconds"]!.GetValue<int>());
        Assert.Equal(0, lease["leaseTransitions"]?.GetValue<int>() ?? 0);
        Assert.NotEmpty(lease.Text("holderIdentity"));
        Assert.NotEmpty(lease.Text("acquireTime"));
        Assert.NotEmpty(lease.Text("renewTime"));

        await using ReferencePicker second = await chart.StartAsync("5c9b8d7f4-bbbbb", leaderElection: true);
        await second.Process.WaitForLineAsync(line => line.Contains("\"event\":\"Warm\"", StringComparison.Ordinal));
        await second.UntilProbeAsync("liveness");
        Assert.False(await second.ProbeAsync("readiness"));
        Assert.True(await first.ProbeAsync("liveness"));

        // A stray stream is answered all the same: a standby follows the pool.
        await Polling.UntilAsync(async () => second.Lines("\"event\":\"Following\"").Length > 0 && await second.PickAsync() == "127.0.0.11:8000");

        first.Process.Terminate();
        await second.UntilProbeAsync("readiness");
        Assert.Equal(0, await first.Process.Exited.DefaultTimeout());
        lease = await LeaseAsync(chart);
        Assert.NotEmpty(lease.Text("holderIdentity"));
        Assert.Equal(1, lease["leaseTransitions"]!.GetValue<int>());
        Assert.Equal("127.0.0.11:8000", await second.PickAsync());
        GatewayChart.AssertQuiet(first);
        GatewayChart.AssertQuiet(second);
    }

    private static async Task<JsonNode> LeaseAsync(GatewayChart chart)
    {
        KubectlResult lease = await chart.Api.KubectlAsync($"-n {chart.Space.Name} get lease epp-{chart.Space.Name}-{GatewayChart.Release}.llm-d.ai -o json");
        Assert.True(lease.ExitCode == 0, lease.Error);
        return JsonNode.Parse(lease.Output)!["spec"]!;
    }
}
