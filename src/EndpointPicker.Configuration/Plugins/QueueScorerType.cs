using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Core.Scheduling.Scorers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class QueueScorerType : EnginePluginType
{
    public override string Name => "queue-scorer";

    public override string Summary => "Prefers short queues in the model servers: 1 for the shortest among the candidates, 0 for the longest.";

    public override PluginRoles Roles => PluginRoles.Scorer;

    public override bool IgnoresParameters => true;

    public override object Create(PluginCreation creation) => new QueueScorer(creation.Services.Freshness);
}
