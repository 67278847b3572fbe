using EndpointPicker.Configuration.Catalog;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class OpenAIParserType : PluginType
{
    public override string Name => "openai-parser";

    public override string Summary => "Reads OpenAI requests: chat completions, completions, embeddings, responses, conversations and image generations.";

    public override PluginRoles Roles => PluginRoles.Parser;
}
