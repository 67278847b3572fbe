namespace ModelServerSimulator.Metrics;

/// <summary>What one finished request adds to the histograms.</summary>
internal readonly record struct FinishedRequest
{
    public required bool Stopped { get; init; }

    public required int PromptTokens { get; init; }

    public required int CachedTokens { get; init; }

    public required int GeneratedTokens { get; init; }

    public required int MaxTokens { get; init; }

    public required int Preemptions { get; init; }

    public required double QueueSeconds { get; init; }

    public required double PrefillSeconds { get; init; }

    public required double DecodeSeconds { get; init; }
}
