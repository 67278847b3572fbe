using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Scheduling.Filters;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class UtilizationFilterType : EnginePluginType
{
    private const string ActiveRequests = "active-requests";
    private const string KvCache = "kv-cache-utilization";

    private static readonly TextField Metric = new("metric", "", "What is compared.")
    {
        Required = true,
        Allowed = [ActiveRequests, "running-requests", "waiting-queue", KvCache],
    };

    private static readonly NumberField MaxValue = new("maxValue", 0, "The highest value that is kept; at most 1 for kv-cache-utilization.")
    {
        Required = true,
        Min = 0,
    };

    private static readonly ObjectListField Conditions = new("conditions", new Schema(Metric, MaxValue), "All of them must hold.") { Required = true };
    private static readonly SwitchField FallbackOnEmpty = new("fallbackOnEmpty", false, "Whether all endpoints are kept where none meets the conditions.");
    private static readonly TextField Producer = new("inFlightLoadProducerName", "", "The producer that counts active requests; empty for inflight-load-producer.");

    public override string Name => "utilization-filter";

    public override string Summary => "Keeps endpoints whose load is within all conditions; a load that is not known is within none.";

    public override PluginRoles Roles => PluginRoles.Filter;

    public override Stability Stability => Stability.Alpha;

    public override Schema Parameters { get; } = new(Conditions, FallbackOnEmpty, Producer);

    public override IEnumerable<DataNeed> Needs(FieldValues values) => values.Get(Conditions).Any(condition => condition.Get(Metric) == ActiveRequests)
        ? [new(DataKey.InFlightLoad, values.Get(Producer), values.At(Producer))]
        : [];

    public override void Check(FieldValues values, DiagnosticReport report)
    {
        if (values.Get(Conditions).Count == 0)
        {
            report.Error(values.At(Conditions), "there is no condition", "add one, such as {metric: waiting-queue, maxValue: 10}");
        }

        foreach (FieldValues condition in values.Get(Conditions).Where(condition => condition.Get(Metric) == KvCache && condition.Get(MaxValue) > 1))
        {
            report.Error(condition.At(MaxValue), $"{KvCache} is a fraction and never above 1", "write a number from 0 to 1");
        }
    }

    public override object Create(PluginCreation creation) => new UtilizationFilter(
        creation.Services.Freshness,
        new UtilizationFilterOptions
        {
            Conditions = [.. creation.Values.Get(Conditions).Select(condition => new UtilizationCondition(Parse(condition.Get(Metric)), condition.Get(MaxValue)))],
            FallbackOnEmpty = creation.Values.Get(FallbackOnEmpty),
        });

    private static UtilizationMetric Parse(string metric) => metric switch
    {
        ActiveRequests => UtilizationMetric.ActiveRequests,
        KvCache => UtilizationMetric.KvCacheUtilization,
        "running-requests" => UtilizationMetric.RunningRequests,
        _ => UtilizationMetric.WaitingQueue,
    };
}
