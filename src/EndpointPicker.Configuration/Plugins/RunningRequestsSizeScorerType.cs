using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Core.Scheduling.Scorers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class RunningRequestsSizeScorerType : EnginePluginType
{
    public override string Name => "running-requests-size-scorer";

    public override string Summary => "Prefers model servers that run few requests: 1 for the fewest among the candidates, 0 for the most.";

    public override PluginRoles Roles => PluginRoles.Scorer;

    public override bool IgnoresParameters => true;

    public override object Create(PluginCreation creation) => new RunningRequestsSizeScorer(creation.Services.Freshness);
}
