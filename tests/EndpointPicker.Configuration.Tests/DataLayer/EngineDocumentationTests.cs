using System.Text;
using EndpointPicker.Configuration.DataLayer;
using Testing;

namespace EndpointPicker.Configuration.Tests.DataLayer;

public sealed class EngineDocumentationTests
{
    [Fact]
    public void Document_PartFromTheEngines_IsWhatTheyAre() => DocumentPart.Expect("data-layer.md", "the built-in engines", ToMarkdown());

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
