using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Deploy;

/// <summary>The example without Kubernetes, as its README tells it: simulated model servers, the picker with the folder's files, Envoy.</summary>
public sealed partial class BareTests
{
    private const string Listening = "listening on ";
    private static readonly string Folder = Path.Combine(DeployFolders.Root, "sidecar", "bare");

    [Fact]
    public async Task Request_ThroughTheExample_IsServedByAServerOfTheFile()
    {
        await using ChildProcess simulator = ChildProcess.Start(BuiltPrograms.Simulator, ["--port=0", "--data-parallel-size=3"]);
        int[] ports = await PortsAsync(simulator, 3);
        using Files files = new();
        string endpoints = files.Write("endpoints.yaml", WithPorts(Read("endpoints.yaml"), ports));
        string picker = files.Write("picker.yaml", Read("picker.yaml").Replace("deploy/sidecar/bare/endpoints.yaml", endpoints, StringComparison.Ordinal));
        await using ChildProcess epp = ChildProcess.Start(
            BuiltPrograms.Epp, ["--config-file", picker, "--secure-serving=false", "--grpc-port=0", "--grpc-health-port=0", "--metrics-port=0"]);
        string listening = await epp.WaitForLineAsync(line => line.Contains("\"event\":\"Listening\"", StringComparison.Ordinal));
        await epp.WaitForLineAsync(line => line.Contains("\"event\":\"Serving\"", StringComparison.Ordinal));
        using JsonDocument document = JsonDocument.Parse(listening);
        await using EnvoyProcess envoy = await EnvoyProcess.StartAsync(Bootstraps.OverrideHost, document.RootElement.GetProperty("grpc").GetInt32(), ports);
        using Completions client = new(envoy.Port);

        using HttpResponseMessage answer = await client.PostAsync(model: "demo-model").DefaultTimeout();

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Contains(answer.Headers.GetValues("x-served-by").Single(), ports.Select(port => port.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(1, await envoy.StatAsync(@"^http\.ingress\.ext_proc\.streams_started$"));
    }

    /// <summary>The test stands for the README only as long as it says the same.</summary>
    [Fact]
    public void Readme_NamesTheFilesThatTheTestDrives()
    {
        string readme = Read("README.md");

        Assert.Contains("--port 8001 --data-parallel-size 3\n", readme, StringComparison.Ordinal);
        Assert.Contains("--config-file deploy/sidecar/bare/picker.yaml --secure-serving=false\n", readme, StringComparison.Ordinal);
        Assert.Contains("envoy -c deploy/envoy/override-host.yaml\n", readme, StringComparison.Ordinal);
    }

    private static string Read(string name) => File.ReadAllText(Path.Combine(Folder, name));

    private static string WithPorts(string text, int[] ports) =>
        Port().Replace(text, match => $"\"{ports[int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) - 1]}\"");

    private static async Task<int[]> PortsAsync(ChildProcess simulator, int count)
    {
        List<string> lines = [];
        while (lines.Count < count)
        {
            lines.Add(await simulator.WaitForLineAsync(line => line.StartsWith(Listening, StringComparison.Ordinal) && !lines.Contains(line)));
        }

        return [.. lines.Select(line => new Uri(line[Listening.Length..]).Port)];
    }

    [GeneratedRegex("\"800([1-9])\"")]
    private static partial Regex Port();
}
