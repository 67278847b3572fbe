using System.Net;
using FunctionalTests.Harness;
using Testing;

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

        // Envoy is done with a stream once it has reset it; the picker hears of it later.
        await chain.Epp.UntilMetricAsync("llm_d_epp_request_running", 0);
    }

    [Fact]
    public async Task AThousandGoAtOnce_AnotherOnTheSameConnection_IsServed()
    {
        // Envoy puts up to 1,024 streams on a connection to the picker and ends each by a reset. When over 1,000 resets wait to be sent it takes that for
        // a flood and closes the connection, unless its bootstrap says otherwise. They pile up when it learns of all the ends at once, as after a stall.
        const int Leaving = 1020;
        await using Chain chain = await Chain.StartAsync(Bootstraps.OverrideHost, servers: 1);
        TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SyncPoint answers = new();
        int requests = 0;
        chain.Servers[0].Answer = async (context, request) =>
        {
            if (Interlocked.Increment(ref requests) == Leaving + 1)
            {
                arrived.SetResult();
            }

            await answers.WaitToContinueAsync();
            await ModelServer.AnswerJsonAsync(context, request);
        };
        using Completions staying = new(chain.Envoy.Port);
        Task<(int Status, string Body, string? ServedBy)> stays = staying.SendAsync("stays");
        using (Completions leaving = new(chain.Envoy.Port))
        {
            Task[] gone = [.. Enumerable.Range(0, Leaving).Select(i => leaving.PostAsync($"leaves {i}"))];
            await arrived.Task.DefaultTimeout();
            chain.Envoy.Process.Suspend();
            leaving.Dispose();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(gone)).DefaultTimeout();
            chain.Envoy.Process.Resume();
        }

        await chain.Envoy.WaitForStatAsync("^http.ingress.downstream_rq_active$", active => active == 1);
        answers.Continue();
        Assert.Equal(200, (await stays).Status);
        Assert.Equal(0, await chain.Envoy.StatAsync("^cluster.epp.http2.outbound_control_flood$"));
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
