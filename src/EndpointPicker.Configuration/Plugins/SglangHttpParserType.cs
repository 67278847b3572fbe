using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Requests.Parsers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class SglangHttpParserType : OptionsPluginType<RequestParser>
{
    public override string Name => "sglanghttp-parser";

    public override string Summary => "Reads SGLang's generate requests.";

    public override PluginRoles Roles => PluginRoles.Parser;

    public override RequestParser Read(FieldValues values) => new SglangHttpParser();
}
