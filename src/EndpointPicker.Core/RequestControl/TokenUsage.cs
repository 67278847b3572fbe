namespace EndpointPicker.Core.RequestControl;

/// <summary>What a response's usage says; 0 where it does not.</summary>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="CompletionTokens">Tokens of the answer.</param>
/// <param name="CachedTokens">Those of the prompt that were cached.</param>
internal readonly record struct TokenUsage(long PromptTokens, long CompletionTokens, long CachedTokens);
