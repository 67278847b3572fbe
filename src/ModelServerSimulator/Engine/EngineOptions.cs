namespace ModelServerSimulator.Engine;

/// <summary>
/// The size and speed of the simulated engine. A step takes the sum of its parts: what every step costs, what each prompt token, each
/// decoding sequence and each token of context adds, and the adapters that must be loaded for it.
/// </summary>
internal sealed record EngineOptions
{
    public string Model { get; init; } = "demo-model";

    /// <summary>The data-parallel rank, which the metrics show as <c>engine</c>.</summary>
    public int Rank { get; init; }

    public int MaxLoras { get; init; } = 2;

    public int MaxNumSeqs { get; init; } = 16;

    public int NumGpuBlocks { get; init; } = 2048;

    public int BlockSize { get; init; } = 16;

    public int MaxModelLength { get; init; } = 16_384;

    /// <summary>Tokens that one step may compute; a longer prompt is prefilled in several steps.</summary>
    public int MaxBatchedTokens { get; init; } = 2048;

    public bool PrefixCaching { get; init; } = true;

    public TimeSpan StepTime { get; init; } = TimeSpan.FromMilliseconds(8);

    public TimeSpan PrefillTimePerToken { get; init; } = TimeSpan.FromMicroseconds(100);

    public TimeSpan DecodeTimePerSequence { get; init; } = TimeSpan.FromMicroseconds(200);

    /// <summary>What reading the keys and values of the sequences that decode adds, for every thousand tokens that they hold together.</summary>
    public TimeSpan DecodeTimePerThousandContextTokens { get; init; }

    /// <summary>What bringing an adapter into a slot adds to the step that needs it.</summary>
    public TimeSpan LoraLoadTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Why these options cannot work, or null.</summary>
    public string? Problem()
    {
        if (MaxNumSeqs < 1 || BlockSize < 1 || MaxBatchedTokens < 1 || MaxLoras < 0)
        {
            return "--max-num-seqs, --block-size and --max-num-batched-tokens are at least 1, --max-loras at least 0";
        }

        // One block is kept back, as vLLM does.
        if ((NumGpuBlocks - 1) * (long)BlockSize < MaxModelLength)
        {
            return $"--max-model-len {MaxModelLength} needs more than {NumGpuBlocks} blocks of {BlockSize} tokens";
        }

        return null;
    }
}
