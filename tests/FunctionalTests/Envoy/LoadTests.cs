using System.Net;
using FunctionalTests.Harness;

namespace FunctionalTests.Envoy;

/// <summary>Many at once, and upstreams that answer before the picker's stream has ended.</summary>
public sealed class LoadTests
{
    [Theory]
    [InlineData("BUFFERED")]
    [InlineData("FULL_DUPLEX_STREAMED")]
    public async Task TwoThousandAtOnce_ColdConnections_AllAreServed(string mode)
    {
        const int Requests = 2000;
        await using Chain chain = await Chain.StartAsync(Bootstraps.OverrideHost.WithMode(mode), workers: 2);
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int arrived = 0;
        foreach (ModelServer server in chain.Servers)
        {
            server.Answer = async (context, request) =>
            {
                if (Interlocked.Increment(ref arrived) == Requests)
                {
                    all.SetResult();
                }

                await all.Task;
                await ModelServer.AnswerJsonAsync(context, request);
            };
        }

        using Completions client = new(chain.Envoy.Port);
        HttpResponseMessage[] answers =
            await Task.WhenAll(Enumerable.Range(0, Requests).Select(i => client.PostAsync($"prompt {i}"))).WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(Requests, chain.Servers.Sum(server => server.Received.Count));
        await chain.Envoy.WaitForStatAsync("^cluster.epp.upstream_rq_active$", active => active == 0);
        Assert.Equal(0, await chain.Epp.MetricAsync("llm_d_epp_request_running"));
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("request")]
    [InlineData("headers")]
    public async Task FastUpstream_ResponseFullDuplex_NoByteIsMissing(string lifetime)
    {
        EppSettings settings = new() { Flags = [$"--stream-lifetime={lifetime}"] };
        await using Chain chain = await Chain.StartAsync(
            Bootstraps.OverrideHost.WithMode("FULL_DUPLEX_STREAMED", "FULL_DUPLEX_STREAMED"), settings, servers: 2);
        using Completions client = new(chain.Envoy.Port, connections: 8);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            for (int i = 0; i < 125; i++)
            {
                (int status, string body, _) = await client.SendAsync($"fast {worker} {i}");
                Assert.Equal(200, status);
                Assert.Equal("""{"object":"chat.completion","model":"m","usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}""", body);
            }
        }));
        Assert.Equal(1000, chain.Servers.Sum(server => server.Received.Count));
    }
}
