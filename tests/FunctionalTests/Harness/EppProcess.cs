using System.Globalization;
using System.Text.Json;
using EndpointPicker.LoadGenerator.Client;
using Testing;

namespace FunctionalTests.Harness;

/// <summary>A picker of its own for one test, on free ports, with a file of endpoints or following a cluster.</summary>
internal sealed partial class EppProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new();
    private readonly ChildProcess _process;
    private readonly string _folder;

    private EppProcess(ChildProcess process, string folder, bool tls, JsonElement listening)
    {
        _process = process;
        _folder = folder;
        GrpcPort = listening.GetProperty("grpc").GetInt32();
        HealthPort = listening.GetProperty("health").GetInt32();
        MetricsPort = listening.GetProperty("metrics").GetInt32();
        Client = new ExtProcClient(new Uri(string.Create(CultureInfo.InvariantCulture, $"{(tls ? "https" : "http")}://127.0.0.1:{GrpcPort}")));
    }

    public int GrpcPort { get; }

    public int HealthPort { get; }

    public int MetricsPort { get; }

    public ChildProcess Process => _process;

    /// <summary>Opens ext_proc streams on it.</summary>
    public ExtProcClient Client { get; }

    public static async Task<EppProcess> StartAsync(IEnumerable<int> modelServerPorts, EppSettings? settings = null)
    {
        settings ??= new EppSettings();
        string folder = Directory.CreateTempSubdirectory("epp-test-").FullName;
        string endpoints = Path.Combine(folder, "endpoints.yaml");
        await File.WriteAllTextAsync(endpoints, EndpointsFile(modelServerPorts));
        string config = Path.Combine(folder, "config.yaml");
        await File.WriteAllTextAsync(config, settings.Configuration(endpoints));
        return await StartAsync(["--pool-name", "pool", "--config-file", config], folder, settings);
    }

    /// <summary>Starts a picker with an API server; it is warm then, but its pool may be unknown still.</summary>
    /// <param name="kubeConfig">The path of the file that says where the API server is.</param>
    /// <param name="space">The namespace of the picker's pod.</param>
    /// <param name="flags">What to follow there, and more.</param>
    public static Task<EppProcess> StartInClusterAsync(string kubeConfig, string space, params IEnumerable<string> flags) => StartAsync(
        ["--drain-timeout=0s"],
        Directory.CreateTempSubdirectory("epp-test-").FullName,
        new EppSettings
        {
            Flags = [.. flags],
            Environment = new Dictionary<string, string> { ["KUBECONFIG"] = kubeConfig, ["NAMESPACE"] = space, ["POD_NAME"] = "picker-7d9f8b6c5-x2x4z" },
        });

    private static async Task<EppProcess> StartAsync(IReadOnlyList<string> arguments, string folder, EppSettings settings)
    {
        ChildProcess process = ChildProcess.Start(
            BuiltPrograms.Epp,
            [
                .. arguments, $"--grpc-port={settings.GrpcPort}", "--grpc-health-port=0", "--metrics-port=0",
                $"--secure-serving={(settings.Tls ? "true" : "false")}", .. settings.Flags,
            ],
            settings.Environment);
        try
        {
            string line = await process.WaitForLineAsync(text => text.Contains("\"event\":\"Listening\"", StringComparison.Ordinal));
            using JsonDocument document = JsonDocument.Parse(line);
            EppProcess epp = new(process, folder, settings.Tls, document.RootElement);
            await process.WaitForLineAsync(text => text.Contains("\"event\":\"Serving\"", StringComparison.Ordinal));
            return epp;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Replaces the file of endpoints whole, as an editor or a volume mount does.</summary>
    public void WriteEndpoints(IEnumerable<int> modelServerPorts) => WriteEndpoints(EndpointsFile(modelServerPorts));

    /// <summary>Replaces the file of endpoints by any text.</summary>
    public void WriteEndpoints(string text)
    {
        string next = Path.Combine(_folder, "endpoints.next");
        File.WriteAllText(next, text);
        File.Move(next, Path.Combine(_folder, "endpoints.yaml"), overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string EndpointsFile(IEnumerable<int> ports) =>
        !ports.Any() ? "endpoints: []\n" : "endpoints:\n" + string.Concat(ports.Select((port, i) => $"- name: server-{i + 1}\n  address: 127.0.0.1\n  port: \"{port}\"\n"));
}
