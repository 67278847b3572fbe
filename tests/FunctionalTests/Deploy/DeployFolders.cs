using Testing;

namespace FunctionalTests.Deploy;

/// <summary>The kustomizations of the deploy folder, found by looking, so that a new one is tested without being listed.</summary>
internal static class DeployFolders
{
    private const string Name = "kustomization.yaml";

    public static string Root { get; } = Path.Combine(RepositoryRoot.Path, "deploy");

    /// <summary>What can be applied by itself, as paths below the deploy folder.</summary>
    public static IReadOnlyList<string> Whole { get; } = Find(component: false);

    /// <summary>What is added to the folder whose <c>components</c> it is among.</summary>
    public static IReadOnlyList<string> Components { get; } = Find(component: true);

    /// <summary>Every kustomization.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Whole, .. Components];

    /// <summary>The folder that a component changes.</summary>
    public static string BaseOf(string component) => Path.GetDirectoryName(Path.GetDirectoryName(component)!)!;

    private static string[] Find(bool component) =>
    [
        .. Directory.EnumerateFiles(Root, Name, SearchOption.AllDirectories)
            .Where(file => File.ReadLines(file).Contains("kind: Component") == component)
            .Select(file => Path.GetRelativePath(Root, Path.GetDirectoryName(file)!))
            .Order(StringComparer.Ordinal),
    ];
}
