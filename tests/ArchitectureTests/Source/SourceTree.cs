using Testing;

namespace ArchitectureTests.Source;

/// <summary>The C# files below one folder of the repository.</summary>
internal static class SourceTree
{
    /// <summary>The files of the checkout below a folder, paths from the root with forward slashes.</summary>
    public static IReadOnlyList<SourceFile> Read(string folder)
    {
        List<SourceFile> files = [.. Paths(folder, "*.cs").Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(RepositoryRoot.Path, path))))];
        Assert.True(files.Count > 10, $"{folder} holds {files.Count} files: the tests look in the wrong place");
        return files;
    }

    /// <summary>The paths of files below a folder, from the root, with forward slashes.</summary>
    public static IEnumerable<string> Paths(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(RepositoryRoot.Path, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    /// <summary>A tree that is nowhere on disk: each text is a file of its own.</summary>
    public static IReadOnlyList<SourceFile> Of(params string[] texts) =>
        [.. texts.Select((text, i) => new SourceFile($"File{i}.cs", text))];
}
