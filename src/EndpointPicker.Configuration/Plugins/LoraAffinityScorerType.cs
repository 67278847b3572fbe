using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Core.Scheduling.Scorers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class LoraAffinityScorerType : EnginePluginType
{
    public override string Name => "lora-affinity-scorer";

    public override string Summary =>
        "Prefers endpoints that hold the LoRA adapter of the request (1), then those with a free slot (0.8), then those where it waits (0.6).";

    public override PluginRoles Roles => PluginRoles.Scorer;

    public override bool IgnoresParameters => true;

    public override object Create(PluginCreation creation) => new LoraAffinityScorer(creation.Services.Freshness);
}
