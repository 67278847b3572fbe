using System.Text;
using EndpointPicker.Hosting.CommandLine;
using Testing;

namespace EndpointPicker.Tests.Hosting.CommandLine;

public sealed class FlagDocumentationTests
{
    [Fact]
    public void Document_PartFromTheTable_IsWhatTheTableSays() => DocumentPart.Expect("flags.md", "the table of flags", ToMarkdown());

    [Fact]
    public void Help_EveryLine_FitsIntoAHundredColumns() =>
        Assert.All(Usage.Text.Split('\n'), line => Assert.True(line.Length <= 100 && line.TrimEnd() == line, line));

    [Fact]
    public void Help_EveryFlag_IsThereWithItsDefaultUnlessRemoved()
    {
        string[] lines = Usage.Text.Split('\n');
        foreach (Flag flag in FlagTable.All)
        {
            string[] found = [.. lines.Where(line => line.StartsWith($"  --{flag.Name} ", StringComparison.Ordinal) && !line.StartsWith("  epp", StringComparison.Ordinal))];
            Assert.Equal(flag.Removed is null ? 1 : 0, found.Length);
            Assert.All(found, line => Assert.Equal(flag.Ignored is not null, line.EndsWith("[no effect]", StringComparison.Ordinal)));
            Assert.All(found, line => Assert.Equal(flag.Default.Length > 0, line.Contains($"(default {flag.Default})", StringComparison.Ordinal)));
        }
    }

    private static string ToMarkdown()
    {
        StringBuilder text = new();
        foreach (IGrouping<string, Flag> section in FlagTable.All.GroupBy(flag => flag.Section))
        {
            text.Append(text.Length > 0 ? "\n" : "").Append($"## {section.Key}\n\n| flag | type | default | meaning |\n|---|---|---|---|\n");
            foreach (Flag flag in section)
            {
                string aliases = flag.Aliases.Count == 0 ? "" : $", {string.Join(", ", flag.Aliases.Select(alias => $"`--{alias}`"))}";
                string meaning = flag.Removed is { } instead ? $"Refused: {instead}"
                    : flag.Ignored is { } reason ? $"**No effect**: {reason}"
                    : flag.Summary;
                text.Append($"| `--{flag.Name}`{aliases} | {Type(flag.Kind)} | {(flag.Default.Length > 0 ? $"`{flag.Default}`" : "")} | {meaning} |\n");
            }
        }

        return text.ToString();
    }

    private static string Type(FlagKind kind) => kind == FlagKind.Text ? "text" : kind.ToString().ToLowerInvariant();
}
