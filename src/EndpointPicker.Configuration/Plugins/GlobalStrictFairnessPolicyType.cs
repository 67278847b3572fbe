using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Core.FlowControl.Fairness;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class GlobalStrictFairnessPolicyType : EnginePluginType
{
    public override string Name => "global-strict-fairness-policy";

    public override string Summary => "Takes the best head of all flows, whichever flow it is of. Always there.";

    public override PluginRoles Roles => PluginRoles.FairnessPolicy;

    public override bool IgnoresParameters => true;

    public override object Create(PluginCreation creation) => new GlobalStrictFairnessPolicy();
}
