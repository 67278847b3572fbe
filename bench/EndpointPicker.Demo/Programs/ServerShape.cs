namespace EndpointPicker.Demo.Programs;

/// <summary>How big and how fast each simulated model server is, the same for both fleets.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Description">What it stands for, in a few words.</param>
/// <param name="MaxModelLength">Tokens that a prompt and its answer may have.</param>
/// <param name="Arguments">The simulator's options.</param>
internal sealed record ServerShape(string Name, string Description, int MaxModelLength, IReadOnlyList<string> Arguments)
{
    /// <summary>24 GB with an 8B model in 16 bits: 16 GB of weights at 1 TB/s are a step of 16 ms, 16 GFLOP a token about 100 us; room for 41,408 tokens.</summary>
    public static ServerShape Small { get; } = new(
        "small",
        "24 GB GPU, 8B model, KV cache of 41,408 tokens",
        32_768,
        Options(blocks: 2588, length: 32_768, batch: 2048, step: "16ms", prefill: "100us", decode: "200us"));

    /// <summary>80 GB with the same model: three times the bandwidth and the arithmetic, room for 400,000 tokens.</summary>
    public static ServerShape Large { get; } = new(
        "large",
        "80 GB GPU, 8B model, KV cache of 400,000 tokens",
        131_072,
        Options(blocks: 25_000, length: 131_072, batch: 8192, step: "6ms", prefill: "33us", decode: "70us"));

    public static ServerShape? Named(string name) => name == Small.Name ? Small : name == Large.Name ? Large : null;

    // One adapter a batch is vLLM's own default of --max-loras.
    private static string[] Options(int blocks, int length, int batch, string step, string prefill, string decode) =>
    [
        "--num-gpu-blocks", $"{blocks}", "--block-size", "16", "--max-model-len", $"{length}", "--max-num-batched-tokens", $"{batch}", "--max-num-seqs", "256",
        "--step-time", step, "--prefill-time-per-token", prefill, "--decode-time-per-seq", decode, "--max-loras", "1", "--lora-load-time", "100ms",
    ];
}
