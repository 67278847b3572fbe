namespace ModelServerSimulator.Engine;

/// <summary>A server whose size and speed are known from somewhere else, by the name that <c>--preset</c> takes.</summary>
internal sealed record Preset(string Name, EngineOptions Options)
{
    public static IReadOnlyList<Preset> All { get; } = [Rtx4090(), .. Published()];

    /// <summary>
    /// The four step costs are fitted (random search on the error of each request's first and last token) to a vLLM 0.19 run that
    /// casys-kaist/LLMServingSim publishes under MIT: 300 ShareGPT requests in 29 s on one RTX 4090, which computes on them for 184 s with a
    /// full KV cache. Only the 92 requests that ended in its first 70 s were fitted. Over all 300, mean time to first token, time per output
    /// token and end-to-end latency come out within 1 %, their medians and 90th percentiles within 1 % too; the figures are in docs/simulator.md.
    /// The base cost is what reading 16 GB of weights takes at the card's 1,008 GB/s. 2,588 blocks is what fits every KV reading of the run, one kept back.
    /// </summary>
    private static Preset Rtx4090() => new("rtx4090-llama-3.1-8b", new EngineOptions
    {
        Model = "meta-llama/Llama-3.1-8B",
        MaxNumSeqs = 256,
        NumGpuBlocks = 2588,
        BlockSize = 16,
        MaxModelLength = 16_384,
        MaxBatchedTokens = 2048,
        StepTime = TimeSpan.FromMicroseconds(16_150),
        PrefillTimePerToken = TimeSpan.FromMicroseconds(94.1),
        DecodeTimePerSequence = TimeSpan.FromMicroseconds(57.6),
        DecodeTimePerThousandContextTokens = TimeSpan.FromMicroseconds(163.4),
    });

    /// <summary>
    /// Middles of the ranges that the llm-d simulator's latency profiles give, not measured here: the time between tokens alone in the batch is
    /// the step's base, its growth up to a full batch of 256 falls on sequences, the prompt's share is its time a token. Blocks are what memory
    /// leaves beside 16-bit weights at 128, 320 and 112 KB of keys and values a token.
    /// </summary>
    private static IEnumerable<Preset> Published() =>
    [
        Publish("published-h100-8b", blocks: 26_000, stepMilliseconds: 12, prefillMicroseconds: 250, decodeMicroseconds: 47),
        Publish("published-8xh100-70b", blocks: 84_000, stepMilliseconds: 25, prefillMicroseconds: 500, decodeMicroseconds: 196),
        Publish("published-l40s-3b", blocks: 19_600, stepMilliseconds: 15, prefillMicroseconds: 350, decodeMicroseconds: 29),
    ];

    private static Preset Publish(string name, int blocks, int stepMilliseconds, int prefillMicroseconds, int decodeMicroseconds) =>
        new(name, new EngineOptions
        {
            MaxNumSeqs = 256,
            NumGpuBlocks = blocks,
            MaxModelLength = 32_768,
            MaxBatchedTokens = 8192,
            StepTime = TimeSpan.FromMilliseconds(stepMilliseconds),
            PrefillTimePerToken = TimeSpan.FromMicroseconds(prefillMicroseconds),
            DecodeTimePerSequence = TimeSpan.FromMicroseconds(decodeMicroseconds),
        });
}
