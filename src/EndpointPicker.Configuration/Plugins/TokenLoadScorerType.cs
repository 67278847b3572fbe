using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Scheduling.Scorers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class TokenLoadScorerType : EnginePluginType
{
    private static readonly QuantityField Threshold = new("queueThresholdTokens", 4194304, "The load in tokens that scores 0; above 0.");
    private static readonly TextField Producer = new("inFlightLoadProducerName", "", "The producer that counts; empty for inflight-load-producer.");

    public override string Name => "token-load-scorer";

    public override string Summary => "Prefers endpoints with few tokens in flight, the uncached tokens of the request itself included.";

    public override PluginRoles Roles => PluginRoles.Scorer;

    public override Schema Parameters { get; } = new(Threshold, Producer);

    public override IEnumerable<DataNeed> Needs(FieldValues values) =>
    [
        new(DataKey.InFlightLoad, values.Get(Producer), values.At(Producer)),
        new(DataKey.UncachedTokens, values.Get(Producer), values.At(Producer)),
    ];

    public override void Check(FieldValues values, DiagnosticReport report)
    {
        if (values.Get(Threshold) == 0)
        {
            report.Error(values.At(Threshold), "queueThresholdTokens must be above 0", "write the number of tokens at which an endpoint is full");
        }
    }

    public override object Create(PluginCreation creation) => new TokenLoadScorer(
        creation.Producer<IDataProducer>(DataKey.UncachedTokens),
        new TokenLoadScorerOptions { QueueThresholdTokens = creation.Values.Get(Threshold) });
}
