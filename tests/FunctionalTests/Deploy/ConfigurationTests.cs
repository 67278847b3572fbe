using System.Text.Json.Nodes;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Deploy;

/// <summary>What ConfigMaps hold for a program, the program takes.</summary>
[Collection(DeployTests.Name)]
public sealed class ConfigurationTests(DeployServer server)
{
    private static readonly string[] Discovery = ["file-discovery"];

    public static TheoryData<string> Configured => ["kubernetes", "sidecar/file", "sidecar/kubernetes"];

    public static TheoryData<string, string> Bootstraps => new() { { "sidecar/file", "override-host.yaml" }, { "sidecar/kubernetes", "original-dst.yaml" } };

    [Fact]
    public async Task Configured_AreAllFoldersWithAConfigurationOfTheirOwn()
    {
        List<string> texts = [];
        foreach (string folder in DeployFolders.All)
        {
            texts.AddRange(Entries(await server.RenderAsync(folder)).Where(entry => entry.Text.Contains("kind: EndpointPickerConfig", StringComparison.Ordinal)).Select(entry => entry.Text));
        }

        List<string> listed = [];
        foreach (string folder in Configured.Select(row => row.Data))
        {
            listed.Add(Entry(await server.RenderAsync(folder), "default-plugins.yaml"));
        }

        Assert.Equal(listed.Distinct().Order(StringComparer.Ordinal), texts.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Configured))]
    public async Task Picker_WithTheConfiguration_Serves(string folder)
    {
        Rendering rendering = await server.RenderAsync(folder);
        string text = Entry(rendering, "default-plugins.yaml");
        using Files files = new();
        string[] source = ["--endpoint=127.0.0.1:1"];
        if (Discovery.Any(text.Contains))
        {
            // A name that only a cluster knows.
            string endpoints = files.Write("endpoints.yaml", Entry(rendering, "endpoints.yaml").Replace("vllm-pool", "localhost", StringComparison.Ordinal));
            text = text.Replace("/config/endpoints.yaml", endpoints, StringComparison.Ordinal);
            source = [];
        }

        await using ChildProcess picker = ChildProcess.Start(
            BuiltPrograms.Epp, ["--config-text", text, "--grpc-port=0", "--grpc-health-port=0", "--metrics-port=0", .. source]);
        await picker.WaitForLineAsync(line => line.Contains("\"event\":\"Serving\"", StringComparison.Ordinal));

        Assert.DoesNotContain("ConfigurationWarning", picker.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Bootstraps))]
    public async Task Envoy_TakesTheBootstrap(string folder, string tested)
    {
        Assert.True(File.Exists(Path.Combine(DeployFolders.Root, "envoy", tested)));
        using Files files = new();
        string path = files.Write("envoy.yaml", Entry(await server.RenderAsync(folder), "envoy.yaml"));
        await using ChildProcess envoy = ChildProcess.Start(Tools.RequireEnvoy(), ["--mode", "validate", "-c", path]);

        Assert.True(await envoy.Exited.DefaultTimeout() == 0, envoy.Output);
    }

    /// <summary>The other tests drive the bootstraps of deploy/envoy: those of pods differ from them by what is added, and by addresses.</summary>
    [Theory]
    [MemberData(nameof(Bootstraps))]
    public async Task Bootstrap_OfAPod_IsTheTestedOneButForAddresses(string folder, string tested)
    {
        using IEnumerator<string> ours = ((IEnumerable<string>)Entry(await server.RenderAsync(folder), "envoy.yaml").Split('\n')).GetEnumerator();
        string path = Path.Combine(DeployFolders.Root, "envoy", tested);
        foreach (string line in File.ReadLines(path).Where(line => !line.StartsWith('#') && !IsAddress(line)))
        {
            bool found = false;
            while (!found && ours.MoveNext())
            {
                found = ours.Current == line;
            }

            Assert.True(found, $"{tested} goes on with a line that is missing here: {line}");
        }
    }

    // The pool's own cluster is looked up in a pod.
    private static bool IsAddress(string line) =>
        line.Contains("port_value: 10000", StringComparison.Ordinal) || line.Contains("port_value: 800", StringComparison.Ordinal) || line == "    type: STATIC";

    private static string Entry(Rendering rendering, string key) => Assert.Single(Entries(rendering), entry => entry.Key == key).Text;

    private static IEnumerable<(string Key, string Text)> Entries(Rendering rendering) =>
        rendering.OfKind("ConfigMap").SelectMany(map => (map["data"] as JsonObject ?? []).Select(entry => (entry.Key, entry.Value!.ToString())));
}
