using System.Text;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Envoy;

/// <summary>What decides where a request goes, through a real Envoy.</summary>
public sealed class PlacementTests
{
    [Theory]
    [InlineData("NONE")]
    [InlineData("BUFFERED")]
    [InlineData("BUFFERED_PARTIAL")]
    [InlineData("STREAMED")]
    [InlineData("FULL_DUPLEX_STREAMED")]
    public async Task Completion_QueuesDiffer_GoesToTheShortest(string mode)
    {
        await using Chain chain = await StartAsync(
            servers => (servers[0].Waiting, servers[1].Waiting, servers[2].Waiting) = (9, 0, 5), _ => Bootstraps.OverrideHost.WithMode(mode));
        await AssertAllGoToAsync(chain, 1, i => $"different prompt {i}");
    }

    [Fact]
    public async Task Completion_CachesDiffer_GoesToTheEmptiest()
    {
        await using Chain chain = await StartAsync(servers => (servers[0].KvCacheUsage, servers[1].KvCacheUsage, servers[2].KvCacheUsage) = (0.95, 0.9, 0.1));
        await AssertAllGoToAsync(chain, 2, i => $"different prompt {i}");
    }

    [Fact]
    public async Task Completion_SharedPrefix_GoesWhereItIsCached()
    {
        await using Chain chain = await StartAsync(_ => { });
        string system = string.Concat(Enumerable.Range(0, 400).Select(i => $"rule {i} "));
        using Completions client = new(chain.Envoy.Port);
        string? first = (await client.SendAsync(system + "question 0")).ServedBy;
        for (int i = 1; i < 10; i++)
        {
            Assert.Equal(first, (await client.SendAsync(system + $"question {i}")).ServedBy);
        }
    }

    [Fact]
    public async Task Completion_AdapterRuns_GoesWhereItRuns()
    {
        await using Chain chain = await StartAsync(servers => (servers[0].Adapters, servers[1].Adapters, servers[2].Adapters) = ("lora-a,lora-b", "lora-c,lora-d", "lora-e,lora-f"));
        using Completions client = new(chain.Envoy.Port);
        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage answer = await client.PostAsync($"{i} {Guid.NewGuid()}", "lora-c").DefaultTimeout();
            Assert.Equal(chain.Servers[1].Address, answer.Headers.GetValues("x-served-by").Single());
        }
    }

    [Fact]
    public async Task Completion_EndpointsFileChanges_NewEndpointServes()
    {
        await using Chain chain = await Chain.StartAsync(Bootstraps.OriginalDst, new EppSettings { WatchFile = true }, servers: 1);
        await using ModelServer added = await ModelServer.StartAsync();
        using Completions client = new(chain.Envoy.Port);
        Assert.Equal(chain.Servers[0].Address, (await client.SendAsync()).ServedBy);

        await using ModelServer another = await ModelServer.StartAsync();
        chain.Epp.WriteEndpoints([added.Port, another.Port]);
        await chain.Epp.Process.WaitForLineAsync(line => line.Contains("lists 2 endpoints", StringComparison.Ordinal));
        Assert.Contains((await client.SendAsync()).ServedBy, (string[])[added.Address, another.Address]);
    }

    [Fact]
    public async Task Completion_SubsetHint_OnlyItsEndpointsServe()
    {
        await using Chain chain = await StartAsync(servers => servers[2].Waiting = 50, servers => Bootstraps.OverrideHost.Replace(
            "          - name: envoy.filters.http.ext_proc\n",
            $$"""
                      - name: envoy.filters.http.set_metadata
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.set_metadata.v3.Config
                          metadata:
                          - metadata_namespace: envoy.lb.subset_hint
                            value: { x-gateway-destination-endpoint-subset: ["{{servers[2].Address}}"] }
                      - name: envoy.filters.http.ext_proc

            """,
            StringComparison.Ordinal));
        await AssertAllGoToAsync(chain, 2, i => $"prompt {i}");
    }

    [Theory]
    [InlineData("FULL_DUPLEX_STREAMED")]
    [InlineData("BUFFERED")]
    [InlineData("BUFFERED_PARTIAL")]
    public async Task Completion_ModelRewritten_ServerSeesTheTargetAndTheClientItsOwn(string mode)
    {
        await using Chain chain = await Chain.StartAsync(Bootstraps.OverrideHost.WithMode(mode, mode), servers: 1);
        chain.Servers[0].Answer = async (context, _) =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync("""{"model":"tuned-v2","usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}"""u8.ToArray());
        };
        using Completions client = new(chain.Envoy.Port);
        (int status, string body, _) = await client.SendAsync("hello", headers => headers.Add("x-llm-d-model-name-rewrite", "tuned-v2"));
        Assert.Equal(200, status);
        Assert.StartsWith("""{"model":"m",""", body, StringComparison.Ordinal);
        Assert.Equal("""{"model":"tuned-v2","prompt":"hello"}""", Encoding.UTF8.GetString(chain.Servers[0].Received.Single().Body));
    }

    private static Task<Chain> StartAsync(Action<IReadOnlyList<ModelServer>> arrange) => StartAsync(arrange, _ => Bootstraps.OverrideHost);

    private static async Task<Chain> StartAsync(Action<IReadOnlyList<ModelServer>> arrange, Func<IReadOnlyList<ModelServer>, string> bootstrap)
    {
        Chain chain = await Chain.StartAsync(bootstrap, arrange);

        // The first page that was read says already what the test arranged.
        await chain.Epp.UntilMetricAsync("llm_d_epp_ready_endpoints", chain.Servers.Count);
        return chain;
    }

    private static async Task AssertAllGoToAsync(Chain chain, int expected, Func<int, string> prompt)
    {
        using Completions client = new(chain.Envoy.Port);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(chain.Servers[expected].Address, (await client.SendAsync(prompt(i))).ServedBy);
        }
    }
}
