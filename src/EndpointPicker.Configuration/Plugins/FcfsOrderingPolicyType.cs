using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Core.FlowControl.Ordering;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class FcfsOrderingPolicyType : EnginePluginType
{
    public override string Name => "fcfs-ordering-policy";

    public override string Summary => "Orders a flow by arrival. Always there.";

    public override PluginRoles Roles => PluginRoles.OrderingPolicy;

    public override bool IgnoresParameters => true;

    public override object Create(PluginCreation creation) => new FcfsOrderingPolicy();
}
