namespace EndpointPicker.Core.Requests;

/// <summary>Which API a request body speaks.</summary>
public enum RequestApi
{
    /// <summary>Not read: the body passes as it is.</summary>
    Passthrough,

    /// <summary>OpenAI <c>/v1/chat/completions</c>.</summary>
    ChatCompletions,

    /// <summary>OpenAI <c>/v1/completions</c>.</summary>
    Completions,

    /// <summary>OpenAI <c>/v1/embeddings</c>.</summary>
    Embeddings,

    /// <summary>OpenAI <c>/v1/responses</c>.</summary>
    Responses,

    /// <summary>OpenAI <c>/v1/conversations</c>.</summary>
    Conversations,

    /// <summary>OpenAI <c>/v1/images/generations</c>.</summary>
    ImageGenerations,

    /// <summary>Anthropic <c>/v1/messages</c>.</summary>
    AnthropicMessages,

    /// <summary>Anthropic <c>/v1/messages/count_tokens</c>.</summary>
    AnthropicCountTokens,

    /// <summary>vLLM's own <c>/inference/v1/generate</c>.</summary>
    VllmGenerate,

    /// <summary>SGLang's <c>/generate</c>.</summary>
    SglangGenerate,
}
