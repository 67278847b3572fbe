using EndpointPicker.Configuration.Catalog;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class FcfsOrderingPolicyType : PluginType
{
    public override string Name => "fcfs-ordering-policy";

    public override string Summary => "Orders a flow by arrival. Always there.";

    public override PluginRoles Roles => PluginRoles.OrderingPolicy;

    public override bool IgnoresParameters => true;
}
