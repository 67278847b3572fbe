using System.Net;
using System.Text.Json;
using Testing;

namespace FunctionalTests.Harness;

/// <summary>A picker of its own for one test, on free ports, with a file of endpoints.</summary>
internal sealed class EppProcess : IAsyncDisposable
{
    private static readonly HttpClient Client = new();
    private readonly ChildProcess _process;
    private readonly string _folder;

    private EppProcess(ChildProcess process, string folder, JsonElement listening)
    {
        _process = process;
        _folder = folder;
        GrpcPort = listening.GetProperty("grpc").GetInt32();
        HealthPort = listening.GetProperty("health").GetInt32();
        MetricsPort = listening.GetProperty("metrics").GetInt32();
    }

    public int GrpcPort { get; }

    public int HealthPort { get; }

    public int MetricsPort { get; }

    public ChildProcess Process => _process;

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

    /// <summary>Starts a picker that finds its pool in a cluster.</summary>
    /// <param name="kubeConfig">The path of the kubeconfig.</param>
    /// <param name="settings">Its flags, which name the pool.</param>
    /// <param name="untilServing">Whether to wait until it is warm; its pool may be unknown still.</param>
    public static Task<EppProcess> StartInClusterAsync(string kubeConfig, EppSettings settings, bool untilServing = true) => StartAsync(
        [],
        Directory.CreateTempSubdirectory("epp-test-").FullName,
        settings with { Environment = new Dictionary<string, string>(settings.Environment) { ["KUBECONFIG"] = kubeConfig } },
        untilServing);

    private static async Task<EppProcess> StartAsync(IReadOnlyList<string> arguments, string folder, EppSettings settings, bool untilServing = true)
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
            EppProcess epp = new(process, folder, document.RootElement);
            if (untilServing)
            {
                await process.WaitForLineAsync(text => text.Contains("\"event\":\"Serving\"", StringComparison.Ordinal));
            }

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

    /// <summary>Gets a page of the metrics port.</summary>
    public async Task<string> GetAsync(string path)
    {
        using HttpResponseMessage answer = await Client.GetAsync(new Uri($"http://127.0.0.1:{MetricsPort}{path}")).DefaultTimeout();
        return answer.StatusCode is HttpStatusCode.OK
            ? await answer.Content.ReadAsStringAsync()
            : throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Adds up all series of one metric.</summary>
    public async Task<double> MetricAsync(string name) => PrometheusPage.Sum(await GetAsync("/metrics"), name);

    /// <summary>Waits until all series of one metric add up to a value.</summary>
    public Task UntilMetricAsync(string name, double value) => UntilMetricAsync(name, sum => sum == value);

    /// <summary>Waits until the sum of all series of one metric is as wanted.</summary>
    public Task UntilMetricAsync(string name, Func<double, bool> reached) => PrometheusPage.UntilSumAsync(() => GetAsync("/metrics"), name, reached);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string EndpointsFile(IEnumerable<int> ports) =>
        !ports.Any() ? "endpoints: []\n" : "endpoints:\n" + string.Concat(ports.Select((port, i) => $"- name: server-{i + 1}\n  address: 127.0.0.1\n  port: \"{port}\"\n"));
}
