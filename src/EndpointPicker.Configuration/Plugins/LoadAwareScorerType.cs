using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Scheduling.Scorers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class LoadAwareScorerType : EnginePluginType
{
    private static readonly IntegerField Threshold = new("threshold", 128, "The queue length that scores 0; 0 and below mean 128.");

    public override string Name => "load-aware-scorer";

    public override string Summary => "Scores 0.5 for an empty queue, down to 0 for one of the threshold's length.";

    public override PluginRoles Roles => PluginRoles.Scorer;

    public override Schema Parameters { get; } = new(Threshold);

    public override object Create(PluginCreation creation) =>
        new LoadAwareScorer(creation.Services.Freshness, new LoadAwareScorerOptions { Threshold = creation.Values.Get(Threshold) });
}
