using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Requests.Parsers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class AnthropicParserType : OptionsPluginType<RequestParser>
{
    public override string Name => "anthropic-parser";

    public override string Summary => "Reads Anthropic messages; token counting passes unread.";

    public override PluginRoles Roles => PluginRoles.Parser;

    public override RequestParser Read(FieldValues values) => new AnthropicParser();
}
