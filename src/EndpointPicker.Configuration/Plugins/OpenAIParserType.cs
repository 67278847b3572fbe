using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Requests.Parsers;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class OpenAIParserType : OptionsPluginType<RequestParser>
{
    public override string Name => "openai-parser";

    public override string Summary => "Reads OpenAI requests: chat completions, completions, embeddings, responses, conversations and image generations.";

    public override PluginRoles Roles => PluginRoles.Parser;

    public override RequestParser Read(FieldValues values) => new OpenAiParser();
}
