using EndpointPicker.Configuration.Catalog;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class VllmHttpParserType : PluginType
{
    public override string Name => "vllmhttp-parser";

    public override string Summary => "Reads vLLM's own generate requests, which come as token ids.";

    public override PluginRoles Roles => PluginRoles.Parser;
}
