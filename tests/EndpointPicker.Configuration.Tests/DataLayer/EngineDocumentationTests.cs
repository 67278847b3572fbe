using System.Text;
using EndpointPicker.Configuration.DataLayer;
using Testing;

namespace EndpointPicker.Configuration.Tests.DataLayer;

public sealed class EngineDocumentationTests
{
    private const string Begin = "<!-- from the built-in engines: begin -->\n\n";
    private const string End = "\n<!-- from the built-in engines: end -->\n";

    [Fact]
    public async Task Document_PartFromTheEngines_IsWhatTheyAre()
    {
        string path = Path.Combine(RepositoryRoot.Path, "docs", "data-layer.md");
        string document = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        int from = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int to = document.IndexOf(End, StringComparison.Ordinal);
        string expected = ToMarkdown();
        if (Environment.GetEnvironmentVariable("EPP_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, document[..from] + expected + document[to..], TestContext.Current.CancellationToken);
            return;
        }

        Assert.True(document[from..to] == expected, "docs/data-layer.md is behind the built-in engines: run this test with EPP_WRITE_DOCS=1");
    }

    private static string ToMarkdown()
    {
        StringBuilder text = new("| engine | waiting | running | KV-cache use | adapters | cache |\n|---|---|---|---|---|---|\n");
        foreach (EngineMetrics engine in BuiltInEngines.All)
        {
            string[] cache =
            [
                engine.CacheInfo is { } info ? $"`{info}` (labels `{engine.CacheBlockSizeLabel}`, `{engine.CacheBlocksLabel}`)" : "",
                Code(engine.CacheBlockSize),
                Code(engine.CacheBlocks),
            ];
            text.Append(
                $"| `{engine.Name}` | {Code(engine.QueuedRequests)} | {Code(engine.RunningRequests)} | {Code(engine.KvUsage)} | {Code(engine.Lora)} | {string.Join(", ", cache.Where(part => part.Length > 0))} |\n");
        }

        return text.ToString();
    }

    private static string Code(MetricSpec? metric) => metric is null ? "" : $"`{metric}`";
}
