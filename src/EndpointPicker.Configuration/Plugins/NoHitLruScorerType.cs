using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Scheduling.Scorers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class NoHitLruScorerType : EnginePluginType
{
    private const string WithoutEffect = "remove it: prefixMatchInfoProducerName says whose matches are read";

    private static readonly IntegerField LruSize = new("lruSize", 1024, "How many endpoints are remembered.") { Min = 1 };
    private static readonly TextField Producer = new(
        "prefixMatchInfoProducerName", "", "The producer whose matches are read; empty for approx-prefix-cache-producer.");

    private static readonly RawField OldType = new("prefixPluginType", "An old name without effect.") { Ignored = WithoutEffect };
    private static readonly RawField OldName = new("prefixPluginName", "An old name without effect.") { Ignored = WithoutEffect };

    public override string Name => "no-hit-lru-scorer";

    public override string Summary => "Spreads prompts that no endpoint has cached: the endpoint that took such a prompt longest ago scores best.";

    public override PluginRoles Roles => PluginRoles.Scorer;

    public override Schema Parameters { get; } = new(LruSize, Producer, OldType, OldName);

    public override IEnumerable<DataNeed> Needs(FieldValues values) =>
        [new(DataKey.PrefixCacheMatch, values.Get(Producer), values.At(Producer))];

    public override object Create(PluginCreation creation) => new NoHitLruScorer(
        creation.Producer<IDataProducer>(DataKey.PrefixCacheMatch),
        creation.Services.Pool,
        new NoHitLruScorerOptions { LruSize = creation.Values.Get(LruSize) });
}
