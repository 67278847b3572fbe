using System.Text;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Observability;

/// <summary>
/// A picker that has seen it all: answers at once and in a stream, a malformed request, a tripped circuit breaker, a server that cannot be had, and
/// one that does not tell what it should. The pages are read once, afterwards.
/// </summary>
public sealed class ObservedPool : IAsyncLifetime
{
    private const string Listening = "listening on ";

    private readonly List<IAsyncDisposable> _running = [];

    /// <summary>The picker's page, Envoy's, and the simulator's.</summary>
    public IReadOnlyList<string> Pages { get; private set; } = [];

    /// <summary>The simulator's page.</summary>
    public string SimulatorPage { get; private set; } = "";

    /// <summary>The picker's log, line by line.</summary>
    public IReadOnlyList<string> Log { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        ChildProcess simulator = Keep(ChildProcess.Start(BuiltPrograms.Simulator, ["--port=0", "--step-time=2ms"]));
        Uri server = new((await simulator.WaitForLineAsync(line => line.StartsWith(Listening, StringComparison.Ordinal)))[Listening.Length..]);
        ModelServer strange = Keep(await ModelServer.StartAsync());
        strange.Page = "vllm:num_requests_waiting 1000\n";
        EppProcess epp = Keep(await EppProcess.StartAsync([server.Port, strange.Port, 1], new EppSettings
        {
            Flags = ["--enable-grpc-stream-metrics=true", "-v=4"],
            Environment = new Dictionary<string, string> { ["OTEL_TRACES_EXPORTER"] = "console", ["OTEL_TRACES_SAMPLER_ARG"] = "1" },
            WatchFile = true,
        }));
        string bootstrap = Bootstraps.OverrideHost.WithMode("FULL_DUPLEX_STREAMED", "FULL_DUPLEX_STREAMED").WithLimit("max_requests", 1).WithLimit("max_pending_requests", 1).WithoutRetries();
        EnvoyProcess envoy = Keep(await EnvoyProcess.StartAsync(bootstrap, epp.GrpcPort, [server.Port, strange.Port]));
        await epp.UntilMetricAsync("llm_d_epp_datalayer_poll_errors_total", errors => errors > 3);
        await epp.Process.WaitForLineAsync(line => line.Contains("\"event\":\"Unreachable\"", StringComparison.Ordinal));
        await epp.UntilMetricAsync("llm_d_epp_ready_endpoints", 2);
        await SendAsync(envoy.Port);
        epp.WriteEndpoints("endpoints: [");
        await epp.Process.WaitForLineAsync(line => line.Contains("\"event\":\"Kept\"", StringComparison.Ordinal));
        await epp.UntilMetricAsync("llm_d_epp_extproc_streams_inflight", 0);

        using HttpClient client = new();
        SimulatorPage = await client.GetStringAsync(new Uri(server, "/metrics")).DefaultTimeout();
        Pages = [await epp.GetAsync("/metrics"), await envoy.PageAsync("stats/prometheus"), SimulatorPage];
        epp.Process.Terminate();
        await epp.Process.WaitForLineAsync(line => line.Contains("\"event\":\"Draining\"", StringComparison.Ordinal));
        Log = epp.Process.Output.Split('\n');
    }

    public async ValueTask DisposeAsync()
    {
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            await _running[i].DisposeAsync();
        }
    }

    private static async Task SendAsync(int port)
    {
        string prompt = new('x', 3000);
        using HttpClient client = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        foreach (string body in (string[])
            [
                $$"""{"model":"demo-model","prompt":"{{prompt}}","max_tokens":5}""",
                $$"""{"model":"demo-model","prompt":"{{prompt}}","max_tokens":5,"stream":true,"stream_options":{"include_usage":true} }""",
                """{"model":""",
            ])
        {
            using HttpResponseMessage answer = await PostAsync(client, body);
            Assert.Equal(body.EndsWith('}') ? 200 : 400, (int)answer.StatusCode);
            await answer.Content.ReadAsByteArrayAsync().DefaultTimeout();
        }

        // While one is answered, the breaker lets no other pass.
        using HttpResponseMessage first = await PostAsync(client, """{"model":"demo-model","prompt":"long","max_tokens":10000,"stream":true}""");
        using HttpResponseMessage second = await PostAsync(client, """{"model":"demo-model","prompt":"short"}""");
        Assert.Equal((200, 503), ((int)first.StatusCode, (int)second.StatusCode));
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).DefaultTimeout();
    }

    private T Keep<T>(T started)
        where T : IAsyncDisposable
    {
        _running.Add(started);
        return started;
    }
}
