namespace ModelServerSimulator.Engine;

/// <summary>What a sequence is asked to do: at most <paramref name="MaxTokens"/> tokens, fewer where <paramref name="StopAfter"/> comes first.</summary>
internal sealed record SequenceRequest(IReadOnlyList<int> Prompt, int MaxTokens, int StopAfter = int.MaxValue, string? Adapter = null, string? CacheSalt = null);
