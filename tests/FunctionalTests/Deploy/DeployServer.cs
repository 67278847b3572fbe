using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Testing;

namespace FunctionalTests.Deploy;

/// <summary>An API server with every custom resource that the deploy folder names, which is asked what it would make of a manifest.</summary>
public sealed partial class DeployServer : IAsyncDisposable
{
    private static readonly string[] CrdFolders =
    [
        "gateway-api-v1.6.1", "envoy-gateway-v1.9.0", "inference-extension-v0.5.1", "inference-extension-v1.5.0", "llm-d-router-v0.10", "prometheus-operator",
    ];

    private readonly ConcurrentDictionary<string, Lazy<Task<Rendering>>> _renderings = new();
    private readonly ConcurrentDictionary<string, Lazy<Task>> _namespaces = new();
    private readonly Lazy<Task<TestApi>> _api = new(
        () => TestApi.StartAsync(new TestApiSettings { Crds = [.. CrdFolders.Select(folder => Fixtures.Require("crds", folder))] }));

    public async ValueTask DisposeAsync()
    {
        if (_api.IsValueCreated)
        {
            await (await _api.Value).DisposeAsync();
        }
    }

    /// <summary>The server, for what is applied for good, in a namespace that nobody else uses.</summary>
    internal Task<TestApi> GetAsync() => _api.Value;

    /// <summary>What a kustomization makes; a component is put on its base.</summary>
    /// <param name="folder">The path below the deploy folder.</param>
    internal Task<Rendering> RenderAsync(string folder) => _renderings.GetOrAdd(folder, _ => new(() => RenderNewAsync(folder))).Value;

    /// <summary>What a manifest makes: the server accepts each object, or the test fails.</summary>
    internal async Task<Rendering> AcceptAsync(string manifest)
    {
        TestApi api = await _api.Value;
        foreach (string name in NamespaceLine().Matches(manifest).Select(match => match.Groups[1].Value).Distinct())
        {
            await _namespaces.GetOrAdd(name, _ => new(() => api.KubectlAsync($"create namespace {name}"))).Value;
        }

        KubectlResult result = await api.KubectlAsync("apply --dry-run=server --validate=strict -o json -f -", manifest);
        Assert.True(result.ExitCode == 0, result.Error);
        JsonNode answer = JsonNode.Parse(result.Output)!;
        return new Rendering(answer.Text("kind") == "List" ? [.. answer.Items("items")] : [answer]);
    }

    /// <summary>What kustomize makes of a kustomization in a folder of its own beside the deploy folder's.</summary>
    /// <param name="kustomization">Its text, from the folders of <paramref name="references"/>, which stand for {0}, {1} and so on.</param>
    /// <param name="references">Paths below the deploy folder.</param>
    internal static async Task<string> KustomizeAsync(string kustomization, params string[] references)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("kustomize-");
        try
        {
            object[] relative = [.. references.Select(reference => Path.GetRelativePath(folder.FullName, Path.Combine(DeployFolders.Root, reference)))];
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "kustomization.yaml"), string.Format(null, kustomization, relative));
            return await KustomizeFolderAsync(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What kustomize makes of a folder.</summary>
    /// <param name="folder">Its path.</param>
    internal static async Task<string> KustomizeFolderAsync(string folder)
    {
        await using ChildProcess kustomize = ChildProcess.Start(Tools.RequireKubectl(), ["kustomize", folder]);
        Assert.True(await kustomize.Exited.DefaultTimeout() == 0, kustomize.Output);
        return kustomize.Output;
    }

    private async Task<Rendering> RenderNewAsync(string folder) => await AcceptAsync(
        DeployFolders.Components.Contains(folder)
            ? await KustomizeAsync("resources: [{0}]\ncomponents: [{1}]\n", DeployFolders.BaseOf(folder), folder)
            : await KustomizeFolderAsync(Path.Combine(DeployFolders.Root, folder)));

    [GeneratedRegex(@"\bnamespace: ([a-z0-9-]+)")]
    private static partial Regex NamespaceLine();
}
