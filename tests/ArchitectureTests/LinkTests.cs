using System.Text.RegularExpressions;
using Testing;

namespace ArchitectureTests;

/// <summary>Every relative link of the documents leads to a file that is there, and to a heading that it has.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Links_OfEveryDocument_LeadSomewhere()
    {
        string[] folders = [Path.Combine(RepositoryRoot.Path, "docs"), Path.Combine(RepositoryRoot.Path, "deploy")];
        string[] documents =
            [Path.Combine(RepositoryRoot.Path, "README.md"), .. folders.SelectMany(folder => Directory.GetFiles(folder, "*.md", SearchOption.AllDirectories))];
        Assert.Empty(documents.SelectMany(Broken));
    }

    [Theory]
    [InlineData("[a](nowhere.md)", 1)]
    [InlineData("[a](README.md#no-such-heading)", 1)]
    [InlineData("[a](README.md#try-it) [b](https://example.org) [c](docs)", 0)]
    public void Links_ThatLeadNowhere_AreFound(string text, int expected) =>
        Assert.Equal(expected, Broken(Path.Combine(RepositoryRoot.Path, "any.md"), text).Count());

    private static IEnumerable<string> Broken(string document) => Broken(document, File.ReadAllText(document));

    private static IEnumerable<string> Broken(string document, string text)
    {
        foreach (Match match in Link().Matches(text))
        {
            string[] link = match.Groups[1].Value.Split('#', 2);
            string target = link[0].Length == 0 ? document : Path.GetFullPath(link[0], Path.GetDirectoryName(document)!);
            if (!Path.Exists(target))
            {
                yield return $"{document}: {match.Value} leads to no file";
            }
            else if (link.Length > 1 && target.EndsWith(".md", StringComparison.Ordinal) && !Headings(target).Contains(link[1]))
            {
                yield return $"{document}: {match.Value} leads to no heading";
            }
        }
    }

    // As GitHub makes anchors: lower case, blanks to dashes, without punctuation.
    private static IEnumerable<string> Headings(string document) => File.ReadLines(document)
        .Where(line => line.StartsWith('#'))
        .Select(line => Punctuation().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\((?![a-z]+:)([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
