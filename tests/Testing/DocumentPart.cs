using Xunit;

namespace Testing;

/// <summary>A part of a document that comes from the program; <c>EPP_WRITE_DOCS=1</c> writes it instead of comparing.</summary>
public static class DocumentPart
{
    // Several tests write parts of one file.
    private static readonly Lock Writing = new();

    /// <summary>Fails where the part is not what the program says.</summary>
    /// <param name="document">The file in <c>docs</c>.</param>
    /// <param name="source">What the part is from, as the comments around it say.</param>
    /// <param name="expected">The part, whole lines.</param>
    public static void Expect(string document, string source, string expected)
    {
        lock (Writing)
        {
            Compare(document, source, expected);
        }
    }

    private static void Compare(string document, string source, string expected)
    {
        string path = Path.Combine(RepositoryRoot.Path, "docs", document);
        string text = File.ReadAllText(path);
        string begin = $"<!-- from {source}: begin -->\n\n";
        int at = text.IndexOf(begin, StringComparison.Ordinal);
        int to = text.IndexOf($"\n<!-- from {source}: end -->\n", StringComparison.Ordinal);
        Assert.True(at >= 0 && to >= at + begin.Length, $"docs/{document} has no part from {source}");
        int from = at + begin.Length;
        if (Environment.GetEnvironmentVariable("EPP_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, text[..from] + expected + text[to..]);
            return;
        }

        string[] documented = text[from..to].Split('\n');
        string[] told = expected.Split('\n');
        Assert.True(
            documented.SequenceEqual(told),
            $"docs/{document} is behind {source}: run this test with EPP_WRITE_DOCS=1\nonly documented:\n{string.Join('\n', documented.Except(told))}\nonly told:\n{string.Join('\n', told.Except(documented))}");
    }
}
