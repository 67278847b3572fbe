using EndpointPicker.Configuration.DataLayer;
using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Plugins;

/// <summary>The fields of one item of <c>engineConfigs</c>.</summary>
internal static class EngineParameters
{
    public static readonly TextField Name = new("name", "", "The engine's name: the value of the engine label.") { Required = true };

    private static readonly MetricSpecField Queued = new("queuedRequestsSpec", "Requests that wait.");
    private static readonly MetricSpecField Running = new("runningRequestsSpec", "Requests that run.");
    private static readonly MetricSpecField KvUsage = new("kvUsageSpec", "The fraction of the KV cache in use.");
    private static readonly MetricSpecField Lora = new("loraSpec", "The gauge whose labels name LoRA adapters.");
    private static readonly MetricSpecField CacheInfo = new("cacheInfoSpec", "The gauge whose labels describe the KV cache.");
    private static readonly TextField BlockSizeLabel = new("cacheBlockSizeLabelName", "", "The label with the tokens of one block.");
    private static readonly TextField BlocksLabel = new("cacheNumBlocksLabelName", "", "The label with the number of blocks.");
    private static readonly MetricSpecField BlockSize = new("cacheBlockSizeSpec", "A gauge with the tokens of one block.");
    private static readonly MetricSpecField Blocks = new("cacheNumBlocksSpec", "A gauge with the number of blocks.");

    private static readonly TextField AttributeKey = new("attributeKey", "", "The key by which plugins read it.") { Required = true };
    private static readonly MetricSpecField Metric = new("metricSpec", "Where it is on the page.") { Required = true };
    private static readonly ObjectListField Custom = new("customMetrics", new Schema(AttributeKey, Metric), "Further metrics.");

    public static readonly Schema Schema = new(
        Name, Queued, Running, KvUsage, Lora, CacheInfo, BlockSizeLabel, BlocksLabel, BlockSize, Blocks, Custom);

    public static void Check(FieldValues engine, DiagnosticReport report)
    {
        if (engine.Get(Name) == "default")
        {
            report.Error(engine.At(Name), "an engine cannot be called 'default'", "give it another name, and name it as 'defaultEngine'");
        }

        HashSet<string> keys = new(StringComparer.Ordinal);
        foreach (FieldValues custom in engine.Get(Custom))
        {
            if (!keys.Add(custom.Get(AttributeKey)))
            {
                report.Error(custom.At(AttributeKey), $"two metrics have the key '{custom.Get(AttributeKey)}'", "give one of them another key");
            }
        }

        if (engine.Get(CacheInfo) is not null && engine.Get(BlockSizeLabel).Length == 0 && engine.Get(BlocksLabel).Length == 0)
        {
            report.Warning(
                engine.At(CacheInfo),
                "nothing is read from cacheInfoSpec",
                "add cacheBlockSizeLabelName and cacheNumBlocksLabelName");
        }
    }

    public static EngineMetrics Read(FieldValues engine) => new()
    {
        Name = engine.Get(Name),
        QueuedRequests = engine.Get(Queued),
        RunningRequests = engine.Get(Running),
        KvUsage = engine.Get(KvUsage),
        Lora = engine.Get(Lora),
        CacheInfo = engine.Get(CacheInfo),
        CacheBlockSizeLabel = engine.Get(BlockSizeLabel),
        CacheBlocksLabel = engine.Get(BlocksLabel),
        CacheBlockSize = engine.Get(BlockSize),
        CacheBlocks = engine.Get(Blocks),
        Custom = [.. engine.Get(Custom).Select(custom => new CustomMetric(custom.Get(AttributeKey), custom.Get(Metric)!))],
    };
}
