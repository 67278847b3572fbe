namespace EndpointPicker.Core.Requests.Readers;

/// <summary>The schema of each API whose bodies are read.</summary>
internal static class RequestSchemas
{
    private static readonly RequestSchema?[] Strict = Build(dialects: false);
    private static readonly RequestSchema?[] Dialects = Build(dialects: true);

    /// <summary>Finds an API's schema.</summary>
    /// <param name="api">The API.</param>
    /// <param name="dialects">Whether to accept what engines accept beyond the reference.</param>
    /// <returns>The schema; <see langword="null"/> where bodies are not read.</returns>
    public static RequestSchema? Find(RequestApi api, bool dialects) => (dialects ? Dialects : Strict)[(int)api];

    private static RequestSchema?[] Build(bool dialects)
    {
        RequestSchema?[] schemas = new RequestSchema?[Enum.GetValues<RequestApi>().Length];
        RequestSchema[] all =
        [
            OpenAiSchemas.Chat(dialects),
            OpenAiSchemas.Completions(dialects),
            OpenAiSchemas.Embeddings(dialects),
            OpenAiSchemas.Responses(),
            OpenAiSchemas.Conversations(),
            OpenAiSchemas.Images(),
            AnthropicSchemas.Messages(),
            EngineSchemas.Vllm(),
            EngineSchemas.Sglang(dialects),
        ];
        foreach (RequestSchema schema in all)
        {
            schemas[(int)schema.Api] = schema;
        }

        return schemas;
    }
}
