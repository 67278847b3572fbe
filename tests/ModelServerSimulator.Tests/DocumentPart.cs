using Testing;

namespace ModelServerSimulator.Tests;

/// <summary>A part of docs/simulator.md that comes from the program; <c>EPP_WRITE_DOCS=1</c> writes it instead of comparing.</summary>
internal static class DocumentPart
{
    // Several tests write parts of the one file.
    private static readonly Lock Writing = new();

    public static void Expect(string source, string expected)
    {
        lock (Writing)
        {
            Compare(source, expected);
        }
    }

    private static void Compare(string source, string expected)
    {
        string path = Path.Combine(RepositoryRoot.Path, "docs", "simulator.md");
        string document = File.ReadAllText(path);
        string begin = $"<!-- from {source}: begin -->\n";
        int from = document.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        int to = document.IndexOf($"<!-- from {source}: end -->\n", StringComparison.Ordinal);
        string part = $"\n{expected}\n";
        if (Environment.GetEnvironmentVariable("EPP_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, document[..from] + part + document[to..]);
            return;
        }

        Assert.True(document[from..to] == part, $"docs/simulator.md is behind {source}: run this test with EPP_WRITE_DOCS=1");
    }
}
