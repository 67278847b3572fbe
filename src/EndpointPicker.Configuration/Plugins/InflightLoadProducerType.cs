using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Scheduling.Producers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class InflightLoadProducerType : EnginePluginType
{
    private static readonly SwitchField AddOutput = new(
        "addEstimatedOutputTokens", false, "Whether output is estimated and counted until the request ends.");

    private static readonly NumberField OutputRatio = new("outputRatio", 1.5, "Estimated output tokens for each input token.") { Min = 0 };

    private static readonly IntegerField MaxOutput = new("maxEstimatedOutputTokens", 0, "The cap on estimated output tokens.")
    {
        Min = 0,
        DefaultMeaning = "none",
    };

    private static readonly TextField Producer = new(
        "prefixMatchInfoProducerName", "", "The producer whose matches are read; empty for approx-prefix-cache-producer where there is one.");

    private static readonly SwitchField Sync = new("syncCrossReplicaState", true, "Whether replicas share the counts, where they share state at all.");

    public override string Name => "inflight-load-producer";

    public override string Summary => "Counts the requests and tokens that this picker has placed and that have not ended.";

    public override PluginRoles Roles => PluginRoles.DataProducer;

    public override Schema Parameters { get; } = new(AddOutput, OutputRatio, MaxOutput, Producer, Sync);

    public override IReadOnlyList<DataKey> Produces => [DataKey.InFlightLoad, DataKey.UncachedTokens];

    public override IEnumerable<DataNeed> Needs(FieldValues values) =>
    [
        new(DataKey.TokenizedPrompt, "", values.Position),
        new(DataKey.PrefixCacheMatch, values.Get(Producer), values.At(Producer), Optional: true),
    ];

    public override object Create(PluginCreation creation) => new InflightLoadProducer(
        creation.OptionalProducer<IDataProducer>(DataKey.PrefixCacheMatch),
        new InflightLoadProducerOptions
        {
            AddEstimatedOutputTokens = creation.Values.Get(AddOutput),
            OutputRatio = creation.Values.Get(OutputRatio),
            MaxEstimatedOutputTokens = creation.Values.Given(MaxOutput),
        });
}
