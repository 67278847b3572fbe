using EndpointPicker.Configuration.Catalog;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class SglangHttpParserType : PluginType
{
    public override string Name => "sglanghttp-parser";

    public override string Summary => "Reads SGLang's generate requests.";

    public override PluginRoles Roles => PluginRoles.Parser;
}
