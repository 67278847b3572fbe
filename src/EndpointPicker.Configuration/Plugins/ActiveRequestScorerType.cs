using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Scheduling.Scorers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class ActiveRequestScorerType : EnginePluginType
{
    private static readonly IntegerField IdleThreshold = new("idleThreshold", 0, "As many requests in flight still count as idle.");
    private static readonly NumberField MaxBusyScore = new("maxBusyScore", 1, "The best score of an endpoint that is not idle; outside 0 to 1 means 1.");
    private static readonly TextField Producer = new("inFlightLoadProducerName", "", "The producer that counts; empty for inflight-load-producer.");
    private static readonly RawField RequestTimeout = new("requestTimeout", "An old name without effect.")
    {
        Ignored = "remove it: requests are counted until they end",
    };


    public override string Name => "active-request-scorer";

    public override string Summary => "Prefers endpoints with few requests of this picker in flight: 1 where idle, else in proportion to the busiest candidate.";

    public override PluginRoles Roles => PluginRoles.Scorer;

    public override Schema Parameters { get; } = new(IdleThreshold, MaxBusyScore, Producer, RequestTimeout);

    public override IEnumerable<DataNeed> Needs(FieldValues values) => [new(DataKey.InFlightLoad, values.Get(Producer), values.At(Producer))];

    public override void Check(FieldValues values, DiagnosticReport report)
    {
        if (values.Get(MaxBusyScore) is < 0 or > 1)
        {
            report.Warning(values.At(MaxBusyScore), "maxBusyScore outside 0 to 1 means 1", "write a number from 0 to 1");
        }
    }

    public override object Create(PluginCreation creation) => new ActiveRequestScorer(new ActiveRequestScorerOptions
    {
        IdleThreshold = creation.Values.Get(IdleThreshold),
        MaxBusyScore = creation.Values.Get(MaxBusyScore),
    });
}
