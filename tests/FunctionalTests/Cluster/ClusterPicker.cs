using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using EndpointPicker.LoadGenerator.Client;
using FunctionalTests.Harness;
using FunctionalTests.Process;
using Testing;

namespace FunctionalTests.Cluster;

/// <summary>A picker that follows a cluster, on free ports.</summary>
internal sealed class ClusterPicker : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private readonly Uri _metrics;

    private ClusterPicker(ChildProcess process, JsonElement listening)
    {
        Process = process;
        HealthPort = listening.GetProperty("health").GetInt32();
        _metrics = new Uri($"http://127.0.0.1:{listening.GetProperty("metrics").GetInt32().ToString(CultureInfo.InvariantCulture)}");
        Client = new ExtProcClient(new Uri($"http://127.0.0.1:{listening.GetProperty("grpc").GetInt32().ToString(CultureInfo.InvariantCulture)}"));
    }

    public ChildProcess Process { get; }

    public int HealthPort { get; }

    public ExtProcClient Client { get; }

    /// <summary>Starts a picker; it need not become ready.</summary>
    /// <param name="kubeConfig">The file that says where the API server is.</param>
    /// <param name="space">The namespace to follow.</param>
    /// <param name="flags">What to follow there, and more.</param>
    public static async Task<ClusterPicker> StartAsync(string kubeConfig, string space, params IEnumerable<string> flags)
    {
        ChildProcess process = ChildProcess.Start(
            BuiltPrograms.Epp,
            ["--grpc-port=0", "--grpc-health-port=0", "--metrics-port=0", "--secure-serving=false", "--drain-timeout=0s", "--metrics-endpoint-auth=false", .. flags],
            new Dictionary<string, string> { ["KUBECONFIG"] = kubeConfig, ["NAMESPACE"] = space, ["POD_NAME"] = "picker-7d9f8b6c5-x2x4z" });
        try
        {
            string line = await process.WaitForLineAsync(text => text.Contains("\"event\":\"Listening\"", StringComparison.Ordinal));
            await process.WaitForLineAsync(text => text.Contains("\"event\":\"Serving\"", StringComparison.Ordinal));
            using JsonDocument document = JsonDocument.Parse(line);
            return new ClusterPicker(process, document.RootElement);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks as somebody who is not on this machine would have to, by another name than localhost.</summary>
    public async Task<(int Status, string Text)> GetFromAfarAsync(string path, string token = "")
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(_metrics, path));
        request.Headers.Host = "epp.example:9090";
        if (token.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using HttpResponseMessage answer = await _http.SendAsync(request).DefaultTimeout();
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The text of a page of the metrics port, whatever its status.</summary>
    public async Task<string> GetAsync(string path)
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri(_metrics, path)).DefaultTimeout();
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>What would become of a completion for a model.</summary>
    /// <returns>The model that the server would run, and the request's priority.</returns>
    public async Task<(string? Target, int Priority)> RehearseAsync(string model)
    {
        using StringContent body = new($$"""{"model":"{{model}}","prompt":"x"}""");
        using HttpResponseMessage answer = await _http.PostAsync(new Uri(_metrics, "/explain?path=/v1/completions"), body).DefaultTimeout();
        using JsonDocument decision = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (decision.RootElement.GetProperty("targetModel").GetString(), decision.RootElement.GetProperty("priority").GetInt32());
    }

    /// <summary>Waits for the answer of <c>/readyz</c> to begin so.</summary>
    public Task ReadyAsync(string answer = "ok") => Polling.UntilAsync(async () => (await GetAsync("/readyz")).StartsWith(answer, StringComparison.Ordinal));

    /// <summary>The names and destinations of a pool's endpoints.</summary>
    public async Task<string[]> MembersAsync(string pool = "")
    {
        using JsonDocument state = JsonDocument.Parse(await GetAsync(pool.Length > 0 ? $"/board/state?pool={pool}" : "/board/state"));
        return [.. state.RootElement.GetProperty("endpoints").EnumerateArray().Select(endpoint => $"{endpoint.GetProperty("name").GetString()} {endpoint.GetProperty("destination").GetString()}")];
    }

    /// <summary>Waits for the pool to have these endpoints.</summary>
    public Task UntilMembersAsync(params string[] members) => Polling.UntilAsync(async () => (await MembersAsync()).SequenceEqual(members));

    /// <summary>Where a request without a body goes.</summary>
    public Task<string> PickAsync() => Client.PickAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _http.Dispose();
        await Process.DisposeAsync();
    }
}
