using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Scheduling.Scorers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class PrefixCacheScorerType : EnginePluginType
{
    private static readonly TextField Producer = new(
        "prefixMatchInfoProducerName", "", "The producer whose matches are read; empty for approx-prefix-cache-producer.");

    private static readonly NumberField LengthWeight = new(
        "matchLengthWeight", 0, "How much the matched length counts against the matched share of the prompt.")
    { Min = 0, Max = 1 };

    private static readonly IntegerField LengthScale = new(
        "matchLengthScaleTokens", 8192, "The matched tokens that count in full; above 0 where matchLengthWeight is.");

    public override string Name => "prefix-cache-scorer";

    public override string Summary => "Prefers endpoints that are believed to hold the beginning of the prompt in their prefix cache.";

    public override PluginRoles Roles => PluginRoles.Scorer;

    public override Schema Parameters { get; } = new(Producer, LengthWeight, LengthScale);

    public override IEnumerable<DataNeed> Needs(FieldValues values) =>
        [new(DataKey.PrefixCacheMatch, values.Get(Producer), values.At(Producer))];

    public override void Check(FieldValues values, DiagnosticReport report)
    {
        if (values.Get(LengthWeight) > 0 && values.Get(LengthScale) <= 0)
        {
            report.Error(
                values.At(LengthScale),
                "matchLengthScaleTokens must be above 0 where matchLengthWeight is",
                "write the number of tokens that count in full, such as 8192");
        }
    }

    public override object Create(PluginCreation creation) => new PrefixCacheScorer(
        creation.Producer<IDataProducer>(DataKey.PrefixCacheMatch),
        new PrefixCacheScorerOptions
        {
            MatchLengthWeight = creation.Values.Get(LengthWeight),
            MatchLengthScaleTokens = creation.Values.Get(LengthScale),
        });
}
