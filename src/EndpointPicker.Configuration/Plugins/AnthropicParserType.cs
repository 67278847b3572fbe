using EndpointPicker.Configuration.Catalog;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class AnthropicParserType : PluginType
{
    public override string Name => "anthropic-parser";

    public override string Summary => "Reads Anthropic messages; token counting passes unread.";

    public override PluginRoles Roles => PluginRoles.Parser;
}
