using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Requests.Parsers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class VllmHttpParserType : OptionsPluginType<RequestParser>
{
    public override string Name => "vllmhttp-parser";

    public override string Summary => "Reads vLLM's own generate requests, which come as token ids.";

    public override PluginRoles Roles => PluginRoles.Parser;

    public override RequestParser Read(FieldValues values) => new VllmHttpParser();
}
