using System.Globalization;
using System.Text.Json;
using EndpointPicker.LoadGenerator.Client;
using Envoy.Service.ExtProc.V3;
using FunctionalTests.Harness;
using FunctionalTests.Process;
using Testing;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace FunctionalTests.DropIn;

/// <summary>
/// The picker in the place of the reference's: with the arguments that a chart or a tutorial gives it, but for free ports, as a service account that has
/// what they grant, and asked by the probes that they configure.
/// </summary>
internal sealed class ReferencePicker : IAsyncDisposable
{
    private readonly string _folder;
    private readonly ExtProcClient _client;
    private readonly GrpcClient _health;
    private readonly HttpClient _http = new();
    private readonly Uri _metrics;

    private ReferencePicker(ChildProcess process, string folder, JsonElement listening)
    {
        Process = process;
        _folder = folder;
        _client = new ExtProcClient(new Uri($"https://127.0.0.1:{Port(listening, "grpc")}"));
        _health = new GrpcClient(listening.GetProperty("health").GetInt32());
        _metrics = new Uri($"http://127.0.0.1:{Port(listening, "metrics")}/");
    }

    public ChildProcess Process { get; }

    /// <summary>Starts a picker; what it becomes is the test's matter.</summary>
    /// <param name="api">The API server.</param>
    /// <param name="space">The pod's namespace.</param>
    /// <param name="account">The pod's service account.</param>
    /// <param name="pod">The pod's name.</param>
    /// <param name="arguments">The container's arguments, as they are written in the manifest.</param>
    public static async Task<ReferencePicker> StartAsync(TestApi api, string space, string account, string pod, IReadOnlyList<string> arguments)
    {
        string folder = Directory.CreateTempSubdirectory("drop-in-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "default-plugins.yaml"), ChartFiles.DefaultPlugins);
        string access = Path.Combine(folder, "kubeconfig");
        await File.WriteAllTextAsync(access, KubeConfig(api, await api.ServiceAccountTokenAsync(space, account)));
        ChildProcess process = ChildProcess.Start(
            BuiltPrograms.Epp,
            OnFreePorts(arguments.Select(argument => argument.Replace("/config/", folder + "/", StringComparison.Ordinal))),
            new Dictionary<string, string> { ["KUBECONFIG"] = access, ["NAMESPACE"] = space, ["POD_NAME"] = pod, ["USE_STREAMING"] = "true" });
        try
        {
            string line = await process.WaitForLineAsync(text => text.Contains("\"event\":\"Listening\"", StringComparison.Ordinal));
            using JsonDocument document = JsonDocument.Parse(line);
            return new ReferencePicker(process, folder, document.RootElement);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks as a kubelet's gRPC probe does.</summary>
    public async Task<bool> ProbeAsync(string service) => await _health.HealthAsync(service) == ServingStatus.Serving;

    /// <summary>Probes until the answer is as expected.</summary>
    public Task UntilProbeAsync(string service, bool succeeds = true) => Polling.UntilAsync(async () => await ProbeAsync(service) == succeeds);

    /// <summary>Where a request without a body goes, asked over TLS as gateways do.</summary>
    public Task<string> PickAsync() => _client.PickAsync();

    /// <summary>What a completion's body is when it goes on.</summary>
    public async Task<string> ForwardAsync(string body)
    {
        await using ExtProcStream stream = _client.Open(TestContext.Current.CancellationToken);
        Assert.True(await stream.SendAsync(ExtProcMessages.Headers(body: true)));
        Assert.True(await stream.SendAsync(ExtProcMessages.Body(body)));
        ProcessingResponse? headers = await stream.ReadAsync().DefaultTimeout();
        ProcessingResponse? sent = await stream.ReadAsync().DefaultTimeout();
        Assert.True(headers?.RequestHeaders is not null && sent?.RequestBody is not null, $"{headers} {sent} {stream.Status}");
        return sent.RequestBody.Response.BodyMutation.StreamedResponse.Body.ToStringUtf8();
    }

    /// <summary>Scrapes as Prometheus does, which calls the pod by its address.</summary>
    /// <returns>The status and the page.</returns>
    public async Task<(int Status, string Page)> ScrapeAsync(string? token = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(_metrics, "metrics"));
        request.Headers.Host = "10.244.0.7:9090";
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        using HttpResponseMessage answer = await _http.SendAsync(request, TestContext.Current.CancellationToken).DefaultTimeout();
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Waits until a metric has a value.</summary>
    public Task UntilMetricAsync(string name, double value) => PrometheusPage.UntilSumAsync(async () => (await ScrapeAsync()).Page, name, sum => sum == value);

    /// <summary>The lines of the log that have all these texts.</summary>
    public string[] Lines(params string[] texts) =>
        [.. Process.Output.Split('\n').Where(line => texts.All(text => line.Contains(text, StringComparison.Ordinal)))];

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _health.Dispose();
        _http.Dispose();
        await Process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Port(JsonElement listening, string name) => listening.GetProperty(name).GetInt32().ToString(CultureInfo.InvariantCulture);

    // Ports that a manifest names stay named, so that the spelling is tried; the others are added.
    private static IEnumerable<string> OnFreePorts(IEnumerable<string> arguments)
    {
        string[] given = [.. arguments.Select(argument => argument is "9002" or "9003" or "9090" ? "0" : argument)];
        return [.. given, .. ((string[])["--grpc-port=0", "--grpc-health-port=0", "--metrics-port=0"]).Where(flag => !given.Contains(flag.Split('=')[0])), "--drain-timeout=1s"];
    }

    private static string KubeConfig(TestApi api, string token) => $$"""
        apiVersion: v1
        kind: Config
        clusters: [{ name: cluster, cluster: { server: {{api.Server}}, certificate-authority: {{api.AuthorityFile}} } }]
        users: [{ name: picker, user: { token: {{token}} } }]
        contexts: [{ name: picker, context: { cluster: cluster, user: picker } }]
        current-context: picker
        """;
}
