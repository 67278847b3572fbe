using EndpointPicker.Core.Requests.Responses;

namespace EndpointPicker.Core.Requests.Parsers;

/// <summary><c>openai-parser</c>: OpenAI's APIs.</summary>
public sealed class OpenAiParser() : RequestParser(
    "openai-parser",
    ResponseFormat.OpenAi,
    rewritesModel: true,
    ("chat/completions", RequestApi.ChatCompletions),
    ("completions", RequestApi.Completions),
    ("embeddings", RequestApi.Embeddings),
    ("responses", RequestApi.Responses),
    ("conversations", RequestApi.Conversations),
    ("chat/completions/render", RequestApi.ChatCompletions),
    ("completions/render", RequestApi.Completions),
    ("images/generations", RequestApi.ImageGenerations));
