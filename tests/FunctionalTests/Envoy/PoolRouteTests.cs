using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Envoy;

/// <summary>Envoy tells the picker which route a request takes, and the route its pool.</summary>
public sealed class PoolRouteTests : IDisposable
{
    private const string OneRoute = "              - match: { prefix: \"/\" }\n";

    private const string TwoRoutes = """
                      - name: httproute/default/canary/rule/0/match/0
                        match: { prefix: "/canary/" }
                        route: { cluster: inference_pool, timeout: 0s }
                      - name: httproute/default/main/rule/0/match/0
                        match: { prefix: "/" }

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("pool-routes-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Route_OfARequest_ChoosesItsPool()
    {
        Assert.Contains(OneRoute, Bootstraps.OverrideHost, StringComparison.Ordinal);
        string config = Path.Combine(_folder, "canary.yaml");
        EppSettings settings = new() { Flags = ["--pool-name=canary", $"--pool-config=canary={config}", "--pool-route=httproute/default/canary/=canary"] };
        await using Chain chain = await Chain.StartAsync(
            _ => Bootstraps.OverrideHost.Replace(OneRoute, TwoRoutes, StringComparison.Ordinal),
            servers =>
            {
                string endpoints = Path.Combine(_folder, "canary-endpoints.yaml");
                File.WriteAllText(endpoints, $"endpoints:\n- {{ name: canary-0, address: 127.0.0.1, port: \"{servers[2].Port}\" }}\n");
                File.WriteAllText(config, new EppSettings().Configuration(endpoints));
                servers[2].Waiting = 50;
            },
            settings);

        // Of one pool three, of the other one: a server that was not scraped yet is as good as another.
        await chain.Epp.UntilMetricAsync("llm_d_epp_ready_endpoints", 4);
        using HttpClient client = new() { BaseAddress = new Uri($"http://127.0.0.1:{chain.Envoy.Port}") };

        for (int i = 0; i < 5; i++)
        {
            // The busiest server: the other pool, which has it too, sends nothing there.
            Assert.Equal(chain.Servers[2].Address, await ServedByAsync(client, "/canary/v1/completions", i));
            Assert.NotEqual(chain.Servers[2].Address, await ServedByAsync(client, "/v1/completions", i));
        }
    }

    private static async Task<string> ServedByAsync(HttpClient client, string path, int number)
    {
        using StringContent body = new($$"""{"model":"m","prompt":"{{number}}"}""", null, "application/json");
        using HttpResponseMessage answer = await client.PostAsync(new Uri(path, UriKind.Relative), body, TestContext.Current.CancellationToken).DefaultTimeout();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}");
        return answer.Headers.GetValues("x-served-by").Single();
    }
}
