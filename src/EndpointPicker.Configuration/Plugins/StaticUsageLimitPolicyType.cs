using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.FlowControl.UsageLimits;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class StaticUsageLimitPolicyType : EnginePluginType
{
    private static readonly NumberField Threshold = new("threshold", 1, "The saturation at which every band stops.") { Min = 0 };

    public override string Name => "static-usage-limit-policy";

    public override string Summary => "Gives every priority band the same ceiling. Always there.";

    public override PluginRoles Roles => PluginRoles.UsageLimitPolicy;

    public override Schema Parameters { get; } = new(Threshold);

    public override object Create(PluginCreation creation) =>
        new StaticUsageLimitPolicy(new StaticUsageLimitPolicyOptions { Threshold = creation.Values.Get(Threshold) });
}
