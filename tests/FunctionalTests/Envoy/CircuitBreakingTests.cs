using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Envoy;

/// <summary>The circuit-breaking tutorial of docs/circuit-breaking.md: a pool of one that takes one request at a time.</summary>
public sealed class CircuitBreakingTests
{
    private const string Overflow = "upstream connect error or disconnect/reset before headers. reset reason: overflow";

    public static TheoryData<string> Bootstraps => ["override-host", "original-dst", "envoy-gateway"];

    [Theory]
    [MemberData(nameof(Bootstraps))]
    public async Task SecondRequest_WhileFirstRuns_Gets503Overflow(string name)
    {
        await using Chain chain = await Chain.StartAsync(Bootstrap(name), servers: 1);
        SyncPoint running = new();
        chain.Servers[0].Answer = async (context, request) =>
        {
            await running.WaitToContinueAsync();
            await ModelServer.AnswerJsonAsync(context, request);
        };
        using Completions client = new(chain.Envoy.Port);
        Task<(int Status, string Body, string? ServedBy)> first = client.SendAsync("first");
        await Task.WhenAny(running.Reached, first).DefaultTimeout();
        Assert.False(first.IsCompleted, "the first request is still running");

        (int status, string body, _) = await client.SendAsync("second");
        Assert.Equal(503, status);
        Assert.Equal(Overflow, body);
        Assert.Equal(1, await chain.Envoy.StatAsync(@"^cluster\..*(inference_pool|llm-route).*\.upstream_rq_(active|pending)_overflow$"));

        running.Continue();
        Assert.Equal(200, (await first).Status);
        Assert.Equal(200, (await client.SendAsync("third")).Status);
        await chain.Epp.UntilMetricAsync("llm_d_epp_request_running", 0);
    }

    private static string Bootstrap(string name) => name switch
    {
        "override-host" => Limited(Harness.Bootstraps.OverrideHost),
        "original-dst" => Limited(Harness.Bootstraps.OriginalDst),
        _ => Harness.Bootstraps.Fixture("envoy-gateway-1.9", "fds.bootstrap.yaml"),
    };

    private static string Limited(string bootstrap) => bootstrap.WithLimit("max_requests", 1).WithLimit("max_pending_requests", 1);
}
