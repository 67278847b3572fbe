using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Envoy;

/// <summary>What users see when the picker goes: killed, restarted, drained, or not ready.</summary>
public sealed class PickerOutageTests
{
    [Fact]
    public async Task Killed_FailOpenBuffered_FallsBackToTheProxysOwnBalancing()
    {
        await using Chain chain = await Chain.StartAsync(Bootstraps.OverrideHost.WithMode("BUFFERED").FailOpen());
        using Completions client = new(chain.Envoy.Port);
        Assert.Equal(200, (await client.SendAsync()).Status);
        chain.Epp.Process.KillNow();
        await chain.Epp.Process.Exited.DefaultTimeout();
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(200, (await client.SendAsync()).Status);
        }

        Assert.Contains(chain.Servers.SelectMany(server => server.Received), request => request.Destination is null);
    }

    [Fact]
    public async Task KilledAndRestarted_FailClosed_Gives503ThenRecovers()
    {
        await using Chain chain = await Chain.StartAsync(Bootstraps.OverrideHost.WithQuickHealthChecks(), new EppSettings { GrpcPort = KeptPorts.Next() });
        using Completions client = new(chain.Envoy.Port);
        Assert.Equal(200, (await client.SendAsync()).Status);
        chain.Epp.Process.KillNow();
        await chain.Epp.Process.Exited.DefaultTimeout();
        Assert.Equal(503, (await client.SendAsync()).Status);
        await chain.Envoy.WaitForStatAsync("^cluster.epp.membership_healthy$", healthy => healthy == 0);
        await chain.RestartPickerAsync();
        await AssertRecoversAsync(client);
    }

    [Fact]
    public async Task KilledMidLoad_FailClosed_EveryRequestIsAnswered()
    {
        await using Chain chain = await Chain.StartAsync(Bootstraps.OverrideHost.WithQuickHealthChecks(), new EppSettings { GrpcPort = KeptPorts.Next() });
        using Completions client = new(chain.Envoy.Port, connections: 16);
        Task<int>[] load = [.. Enumerable.Range(0, 8).Select(async _ =>
        {
            int served = 0;
            for (int i = 0; i < 60; i++)
            {
                int status = (await client.SendAsync($"load {i}")).Status;
                Assert.True(status is 200 or 503, $"{status}");
                served += status == 200 ? 1 : 0;
            }

            return served;
        })];
        await chain.Envoy.WaitForStatAsync("^http.ingress.downstream_rq_completed$", completed => completed > 50);
        chain.Epp.Process.KillNow();
        await chain.Envoy.WaitForStatAsync("^cluster.epp.membership_healthy$", healthy => healthy == 0);
        await chain.RestartPickerAsync();
        int[] served = await Task.WhenAll(load).DefaultTimeout();
        Assert.True(served.Sum() > 50, "requests were served around the outage");
        await AssertRecoversAsync(client);
    }

    [Theory]
    [InlineData("NONE")]
    [InlineData("FULL_DUPLEX_STREAMED")]
    public async Task Terminated_CompletionRuns_ItIsNotCut(string responseBodyMode)
    {
        EppSettings settings = new() { Flags = ["--drain-timeout=0s"] };
        await using Chain chain = await Chain.StartAsync(
            Bootstraps.OverrideHost.WithMode(responseBodyMode == "NONE" ? "BUFFERED" : responseBodyMode, responseBodyMode), settings, servers: 1);
        SyncPoint firstEvent = new();
        chain.Servers[0].Answer = async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.WriteAsync("data: one\n\n"u8.ToArray());
            await context.Response.Body.FlushAsync();
            await firstEvent.WaitToContinueAsync();
            await context.Response.Body.WriteAsync("data: two\n\n"u8.ToArray());
        };
        using Completions client = new(chain.Envoy.Port);
        Task<(int Status, string Body, string? ServedBy)> completion = client.SendAsync();
        await firstEvent.Reached.DefaultTimeout();

        chain.Epp.Process.Terminate();
        await chain.Epp.Process.WaitForLineAsync(line => line.Contains("\"event\":\"Stopping\"", StringComparison.Ordinal));
        firstEvent.Continue();
        (int status, string body, _) = await completion;
        Assert.Equal(200, status);
        Assert.Equal("data: one\n\ndata: two\n\n", body);
        Assert.Equal(0, await chain.Epp.Process.Exited.DefaultTimeout());
    }

    [Fact]
    public async Task Draining_HealthChecked_ProxyTakesThePickerOut()
    {
        EppSettings settings = new() { Flags = ["--drain-timeout=1h"] };
        await using Chain chain = await Chain.StartAsync(Bootstraps.OverrideHost.WithQuickHealthChecks(), settings);
        using Completions client = new(chain.Envoy.Port);
        Assert.Equal(200, (await client.SendAsync()).Status);
        chain.Epp.Process.Terminate();
        await chain.Envoy.WaitForStatAsync("^cluster.epp.membership_healthy$", healthy => healthy == 0);
        await UntilStatusAsync(client, 503);
    }

    private static Task AssertRecoversAsync(Completions client) => UntilStatusAsync(client, 200);

    // Envoy's workers learn of the picker's health after its statistics do, up to a second later.
    private static async Task UntilStatusAsync(Completions client, int expected) => await Polling.UntilAsync(async () => (await client.SendAsync()).Status, status => status == expected);
}
