using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Testing;

namespace FunctionalTests.Deploy;

/// <summary>The overlay that docs/deploy.md shows, as it stands there, with paths in the place of addresses.</summary>
[Collection(DeployTests.Name)]
public sealed partial class OverlayTests(DeployServer server)
{
    private const string Namespace = "llm";

    private static readonly string[] ClusterWide = ["ClusterRole", "ClusterRoleBinding"];

    [Fact]
    public async Task Overlay_OfTheDocument_MovesEverythingAndNamesTheImage()
    {
        Rendering rendering = await RenderAsync(Examples()[0]);

        Assert.Contains(rendering.OfKind("ServiceMonitor"), monitor => monitor.Space() == Namespace);
        Assert.All(rendering.Objects.Where(item => item.Space().Length > 0), item => Assert.Equal(Namespace, item.Space()));
        Assert.Equal("registry.example.com/epp:0.1.0", Assert.Single(rendering.Pods).Container("epp")!.Text("image"));
        Assert.Equal("# mine\n", Assert.Single(rendering.OfKind("ConfigMap"))["data"]!.Text("default-plugins.yaml"));
    }

    [Fact]
    public async Task Overlay_ForASecondPicker_SharesNoClusterWideRight()
    {
        string[] examples = Examples();
        Rendering first = await server.RenderAsync("kubernetes/components/service-monitor");
        Rendering second = await RenderAsync(examples[0] + examples[1]);
        HashSet<string> names = [.. ClusterWide.SelectMany(first.OfKind).Select(item => item.Name())];

        Assert.All(ClusterWide, kind => Assert.NotEmpty(second.OfKind(kind)));
        Assert.All(ClusterWide.SelectMany(second.OfKind), item => Assert.DoesNotContain(item.Name(), names));
        foreach (JsonNode binding in second.OfKind("ClusterRoleBinding").Concat(second.OfKind("RoleBinding")))
        {
            Assert.True(second.Has(binding["roleRef"]!.Text("kind"), binding["roleRef"]!.Text("name")), binding.Name());
            Assert.All(binding.Items("subjects"), subject => Assert.True(second.Has("ServiceAccount", subject.Text("name")), binding.Name()));
        }
    }

    private async Task<Rendering> RenderAsync(string overlay)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("overlay-");
        try
        {
            string root = Path.GetRelativePath(folder.FullName, DeployFolders.Root);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "kustomization.yaml"), Address().Replace(overlay, $"- {root}/$1"));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "default-plugins.yaml"), "# mine\n");
            return await server.AcceptAsync(await DeployServer.KustomizeFolderAsync(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The example, and what a second picker adds to it.
    private static string[] Examples()
    {
        string text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "deploy.md"));
        string[] blocks = [.. Block().Matches(text).Select(match => match.Groups[1].Value)];
        Assert.StartsWith("# kustomization.yaml\n", blocks[0], StringComparison.Ordinal);
        Assert.StartsWith("transformers:\n", blocks[1], StringComparison.Ordinal);
        return blocks;
    }

    [GeneratedRegex("^```yaml\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^- https://[^ ]*//deploy/([^? ]+)\?ref=[^ \n]+.*$", RegexOptions.Multiline)]
    private static partial Regex Address();
}
