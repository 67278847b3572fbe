using EndpointPicker.Configuration.Catalog;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class PassthroughParserType : PluginType
{
    public override string Name => "passthrough-parser";

    public override string Summary => "Takes every request that no parser before it takes, and reads nothing of it.";

    public override PluginRoles Roles => PluginRoles.Parser;
}
