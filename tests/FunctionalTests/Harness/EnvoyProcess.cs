using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Testing;

namespace FunctionalTests.Harness;

/// <summary>A real Envoy with one of the tested bootstraps, its ports replaced by free ones.</summary>
internal sealed partial class EnvoyProcess : IAsyncDisposable
{
    private static readonly HttpClient Client = new();
    private readonly ChildProcess _process;
    private readonly string _folder;
    private readonly Uri _admin;

    private EnvoyProcess(ChildProcess process, string folder, Uri admin, int port)
    {
        _process = process;
        _folder = folder;
        _admin = admin;
        Port = port;
    }

    /// <summary>Where clients connect, on 127.0.0.1.</summary>
    public int Port { get; }

    public ChildProcess Process => _process;

    /// <summary>Starts Envoy.</summary>
    /// <param name="bootstrap">The bootstrap with the ports of the fixtures: 10000, 9901, 9002 and 8001 to 8003.</param>
    /// <param name="pickerPort">What takes the place of 9002.</param>
    /// <param name="modelServerPorts">What takes the place of 8001 and on.</param>
    /// <param name="workers">Worker threads; limits are exact with one.</param>
    public static async Task<EnvoyProcess> StartAsync(string bootstrap, int pickerPort, IReadOnlyList<int> modelServerPorts, int workers = 1)
    {
        string folder = Directory.CreateTempSubdirectory("envoy-test-").FullName;
        string file = Path.Combine(folder, "bootstrap.yaml");
        await File.WriteAllTextAsync(file, WithPorts(bootstrap, pickerPort, modelServerPorts));
        string adminFile = Path.Combine(folder, "admin");
        ChildProcess process = ChildProcess.Start(
            Tools.RequireEnvoy(),
            [
                "-c", file, "--concurrency", workers.ToString(CultureInfo.InvariantCulture), "--disable-hot-restart", "--log-level", "warning",
                "--component-log-level", "main:info", "--admin-address-path", adminFile,
            ]);
        try
        {
            await process.WaitForLineAsync(line => line.Contains("starting main dispatch loop", StringComparison.Ordinal));
            Uri admin = new($"http://{await File.ReadAllTextAsync(adminFile)}/");
            EnvoyProcess envoy = new(process, folder, admin, await ListenerPortAsync(admin));

            // Envoy accepts only once the first round of health checks is through.
            await envoy.WaitForStatAsync("^listener_manager.workers_started$", started => started == 1);
            return envoy;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>One of Envoy's counters or gauges; all that match are added up.</summary>
    /// <param name="pattern">A regular expression for the statistic's name.</param>
    public async Task<long> StatAsync(string pattern)
    {
        string page = await Client.GetStringAsync(new Uri(_admin, "stats?filter=" + Uri.EscapeDataString(pattern))).DefaultTimeout();
        return page.Split('\n').Select(line => line.Split(": ")).Where(parts => parts.Length == 2)
            .Sum(parts => long.TryParse(parts[1], CultureInfo.InvariantCulture, out long value) ? value : 0);
    }

    /// <summary>A page of Envoy's admin port.</summary>
    public Task<string> PageAsync(string path) => Client.GetStringAsync(new Uri(_admin, path)).DefaultTimeout();

    /// <summary>Waits until a statistic has a value: Envoy offers no other way to learn of a health change.</summary>
    public Task WaitForStatAsync(string pattern, Func<long, bool> reached) => Polling.UntilAsync(async () => reached(await StatAsync(pattern)));

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string WithPorts(string bootstrap, int pickerPort, IReadOnlyList<int> modelServerPorts) =>
        PortValue().Replace(bootstrap, match => match.Groups[1].Value + int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture) switch
        {
            10000 or 9901 => 0,
            9002 => pickerPort,
            >= 8001 and <= 8009 and int server => modelServerPorts[(server - 8001) % modelServerPorts.Count],
            int other => other,
        });

    private static async Task<int> ListenerPortAsync(Uri admin)
    {
        string page = await Client.GetStringAsync(new Uri(admin, "listeners?format=json")).DefaultTimeout();
        using JsonDocument document = JsonDocument.Parse(page);
        return document.RootElement.GetProperty("listener_statuses")[0].GetProperty("local_address").GetProperty("socket_address").GetProperty("port_value").GetInt32();
    }

    [GeneratedRegex(@"(port_value: )(\d+)")]
    private static partial Regex PortValue();
}
