using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.PrefixCache;
using EndpointPicker.Core.Scheduling.Producers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class ApproxPrefixCacheProducerType : EnginePluginType
{
    private const int LeastBlockTokens = PromptHasherOptions.MinBlockTokens;

    private static readonly SwitchField AutoTune = new("autoTune", true, "Whether block size and capacity come from the engines' metrics where they tell.");

    private static readonly IntegerField BlockSize = new(
        "blockSizeTokens", 16, "Tokens in one block; below 64 means 64.")
    { Min = 0, DeprecatedNames = ["blockSize"] };

    private static readonly IntegerField MaxBlocks = new(
        "maxPrefixBlocksToMatch", 2048, "Blocks of one prompt to match at most, where maxPrefixTokensToMatch is 0; 0 for no limit.")
    { Min = 0 };

    private static readonly IntegerField MaxTokens = new(
        "maxPrefixTokensToMatch", 131072, "Tokens of one prompt to match at most; 0 leaves it to maxPrefixBlocksToMatch.")
    { Min = 0 };

    private static readonly IntegerField LruCapacity = new(
        "lruCapacityPerServer", 31250, "Blocks remembered for each endpoint; 0 and below mean 31250.");

    public override string Name => "approx-prefix-cache-producer";

    public override string Summary => "Remembers which endpoint was sent which prompt, and tells how much of a prompt each is believed to have cached.";

    public override PluginRoles Roles => PluginRoles.DataProducer;

    public override Schema Parameters { get; } = new(AutoTune, BlockSize, MaxBlocks, MaxTokens, LruCapacity);

    public override IReadOnlyList<DataKey> Produces => [DataKey.PrefixCacheMatch];

    public override IEnumerable<DataNeed> Needs(FieldValues values) => [new(DataKey.TokenizedPrompt, "", values.Position)];

    public override void Check(FieldValues values, DiagnosticReport report)
    {
        if (values.Has(BlockSize) && values.Get(BlockSize) < LeastBlockTokens)
        {
            report.Warning(values.At(BlockSize), $"a block has {LeastBlockTokens} tokens at least", $"write {LeastBlockTokens} or more, or leave it out");
        }

        int block = Math.Max(values.Get(BlockSize), LeastBlockTokens);
        if (values.Get(MaxTokens) > 0 && values.Get(MaxTokens) < block)
        {
            report.Warning(values.At(MaxTokens), $"nothing ever matches, because one block has {block} tokens", $"write {block} or more");
        }
    }

    public override object Create(PluginCreation creation)
    {
        ApproximatePrefixProducerOptions options = new()
        {
            AutoTune = creation.Values.Get(AutoTune),
            BlockSizeTokens = creation.Values.Get(BlockSize),
            MaxPrefixBlocksToMatch = creation.Values.Get(MaxBlocks),
            MaxPrefixTokensToMatch = creation.Values.Get(MaxTokens),
            LruCapacityPerServer = creation.Values.Get(LruCapacity),
        };
        PrefixIndex index = new(options.Index);
        PrefixMetrics metrics = new(creation.Services.Meters, index, Name, creation.Name);
        return new ApproximatePrefixProducer(index, creation.Services.Pool, options, metrics);
    }
}
