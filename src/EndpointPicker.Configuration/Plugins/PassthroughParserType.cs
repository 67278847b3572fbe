using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Requests.Parsers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class PassthroughParserType : OptionsPluginType<RequestParser>
{
    public override string Name => "passthrough-parser";

    public override string Summary => "Takes every request that no parser before it takes, and reads nothing of it.";

    public override PluginRoles Roles => PluginRoles.Parser;

    public override RequestParser Read(FieldValues values) => new PassthroughParser();
}
