using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Deploy;

/// <summary>
/// A folder applied for good in a namespace of its own, and the picker started as its Deployment says: with its arguments, its ConfigMap and its
/// ServiceAccount's token.
/// </summary>
internal sealed partial class LivePicker : IAsyncDisposable
{
    private readonly TestApi _api;
    private readonly Files _files;
    private readonly ChildProcess _process;
    private readonly string _space;
    private readonly Uri _metrics;
    private readonly HttpClient _client = new();

    private LivePicker(TestApi api, Files files, ChildProcess process, string space, int metricsPort)
    {
        _api = api;
        _files = files;
        _process = process;
        _space = space;
        _metrics = new Uri($"http://127.0.0.1:{metricsPort}/metrics");
    }

    public string Output => _process.Output;

    /// <summary>What was applied.</summary>
    internal required Rendering Rendering { get; init; }

    /// <summary>Applies a folder and starts its picker.</summary>
    /// <param name="server">The API server.</param>
    /// <param name="folder">The path below the deploy folder.</param>
    /// <param name="port">What the model servers listen on, in the place of 8000.</param>
    internal static Task<LivePicker> StartAsync(DeployServer server, string folder, int port) =>
        StartAsync(server, folder, "resources: [{0}]\n", [folder], port, "--metrics-endpoint-auth=false");

    /// <summary>Applies a component on its folder and starts the picker just as it says.</summary>
    /// <param name="server">The API server.</param>
    /// <param name="component">The path below the deploy folder.</param>
    internal static Task<LivePicker> StartWithAsync(DeployServer server, string component) =>
        StartAsync(server, component, "resources: [{0}]\ncomponents: [{1}]\n", [DeployFolders.BaseOf(component), component], port: 8000);

    private static async Task<LivePicker> StartAsync(
        DeployServer server, string name, string kustomization, string[] references, int port, params string[] flags)
    {
        TestApi api = await server.GetAsync();
        string space = "live-" + NotInAName().Replace(name, "-");
        string manifest = ModelPort().Replace(await DeployServer.KustomizeAsync($"namespace: {space}\n{kustomization}", references), $"${{1}}{port}");
        Rendering rendering = await server.AcceptAsync(manifest);
        await api.ApplyAsync(manifest);
        await api.RightsInForceAsync();

        PodTemplate pod = Assert.Single(rendering.Pods);
        Files files = new();
        string config = WriteConfiguration(rendering, files);
        Dictionary<string, string> environment = new() { ["NAMESPACE"] = space, ["POD_NAME"] = "epp-5d4f8b7c9-x2x2x" };
        if (pod.Spec.Text("serviceAccountName") is { Length: > 0 } account)
        {
            environment["KUBECONFIG"] = files.Write("kubeconfig", KubeConfig(api, await api.ServiceAccountTokenAsync(space, account)));
        }

        ChildProcess process = ChildProcess.Start(
            BuiltPrograms.Epp,
            [
                .. pod.Container("epp").Texts("args").Select(argument => argument
                    .Replace("$(NAMESPACE)", space, StringComparison.Ordinal).Replace("/config/default-plugins.yaml", config, StringComparison.Ordinal)),
                "--grpc-port=0", "--grpc-health-port=0", "--metrics-port=0", .. flags,
            ],
            environment);
        try
        {
            string line = await process.WaitForLineAsync(text => text.Contains("\"event\":\"Listening\"", StringComparison.Ordinal));
            using JsonDocument document = JsonDocument.Parse(line);
            return new LivePicker(api, files, process, space, document.RootElement.GetProperty("metrics").GetInt32()) { Rendering = rendering };
        }
        catch
        {
            await process.DisposeAsync();
            files.Dispose();
            throw;
        }
    }

    /// <summary>Makes a model server's pod, as a Deployment and a kubelet would.</summary>
    internal async Task AddPodAsync(string name)
    {
        await _api.ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: { name: {{name}}, namespace: {{_space}}, labels: { app: vllm-llama3-8b-instruct } }
            spec: { containers: [{ name: model-server, image: x }] }
            """);
        string status = _files.Write(name + ".json", """{"status":{"phase":"Running","podIP":"127.0.0.1","podIPs":[{"ip":"127.0.0.1"}],"conditions":[{"type":"Ready","status":"True"}]}}""");
        Expect(await _api.KubectlAsync($"-n {_space} patch pod {name} --subresource=status --type=merge --patch-file {status}"));
    }

    internal async Task RemovePodAsync(string name) => Expect(await _api.KubectlAsync($"-n {_space} delete pod {name} --grace-period=0"));

    /// <summary>A token of a ServiceAccount of the namespace.</summary>
    internal Task<string> TokenAsync(string account) => _api.ServiceAccountTokenAsync(_space, account);

    /// <summary>Scrapes as Prometheus does, which calls the pod by its address.</summary>
    internal Task<(int Status, string Text)> ScrapeAsync(string token = "") => EppProcess.GetFromAfarAsync(_metrics, token);

    /// <summary>Waits until the picker has so many endpoints.</summary>
    internal Task WaitForEndpointsAsync(int count) =>
        PrometheusPage.UntilSumAsync(() => _client.GetStringAsync(_metrics).DefaultTimeout(), "llm_d_epp_pool_endpoints", sum => sum == count);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _client.Dispose();
        _files.Dispose();
    }

    private static string WriteConfiguration(Rendering rendering, Files files)
    {
        const string Configuration = "default-plugins.yaml";
        JsonObject entries = Assert.Single(rendering.OfKind("ConfigMap"), map => map["data"]![Configuration] is not null)["data"]!.AsObject();
        string text = entries.Text(Configuration);
        foreach ((string name, JsonNode? entry) in entries.Where(entry => entry.Key != Configuration))
        {
            // A name that only a cluster knows.
            string path = files.Write(name, entry!.ToString().Replace("vllm-pool", "localhost", StringComparison.Ordinal));
            text = text.Replace("/config/" + name, path, StringComparison.Ordinal);
        }

        return files.Write(Configuration, text);
    }

    private static void Expect(KubectlResult result) => Assert.True(result.ExitCode == 0, result.Error);

    private static string KubeConfig(TestApi api, string token) => $$"""
        apiVersion: v1
        kind: Config
        clusters: [{ name: c, cluster: { server: {{api.Server}}, certificate-authority: {{api.AuthorityFile}} } }]
        users: [{ name: u, user: { token: {{token}} } }]
        contexts: [{ name: c, context: { cluster: c, user: u } }]
        current-context: c
        """;

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotInAName();

    // A pool's target port of either version, a Service's, a flag's.
    [GeneratedRegex("(number: |targetPortNumber: |targetPort: |target-ports=)8000")]
    private static partial Regex ModelPort();
}
