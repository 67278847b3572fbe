using System.Text.RegularExpressions;

namespace Testing;

/// <summary>Reads a table of a document whose rows name things in backticks in their first cell and judge them by a word in the second.</summary>
public static partial class DocumentTable
{
    /// <summary>Reads the first table below a heading.</summary>
    /// <param name="document">The file in <c>docs</c>.</param>
    /// <param name="heading">The heading's text.</param>
    /// <returns>Each name, in the table's order, with its row's word.</returns>
    public static IReadOnlyList<(string Name, string Word)> Read(string document, string heading)
    {
        string[] lines = File.ReadAllLines(Path.Combine(RepositoryRoot.Path, "docs", document));
        return
        [
            .. lines.SkipWhile(line => line != $"## {heading}").SkipWhile(line => !line.StartsWith("|---", StringComparison.Ordinal)).Skip(1)
                .TakeWhile(line => line.StartsWith('|'))
                .Select(line => line.Split('|'))
                .SelectMany(cells => Name().Matches(cells[1]).Select(match => (match.Groups[1].Value, cells[2].Trim()))),
        ];
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
