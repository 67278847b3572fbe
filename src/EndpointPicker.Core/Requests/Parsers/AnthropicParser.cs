using EndpointPicker.Core.Requests.Responses;

namespace EndpointPicker.Core.Requests.Parsers;

/// <summary><c>anthropic-parser</c>: Anthropic's messages; token counting passes unread.</summary>
public sealed class AnthropicParser() : RequestParser(
    "anthropic-parser",
    ResponseFormat.Anthropic,
    rewritesModel: true,
    ("messages", RequestApi.AnthropicMessages),
    ("messages/count_tokens", RequestApi.AnthropicCountTokens));
