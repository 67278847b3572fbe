using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Core.Scheduling.Scorers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class KvCacheUtilizationScorerType : EnginePluginType
{
    public override string Name => "kv-cache-utilization-scorer";

    public override string Summary => "Prefers free KV cache: 1 less the fraction in use.";

    public override PluginRoles Roles => PluginRoles.Scorer;

    public override bool IgnoresParameters => true;

    public override object Create(PluginCreation creation) => new KvCacheUtilizationScorer(creation.Services.Freshness);
}
