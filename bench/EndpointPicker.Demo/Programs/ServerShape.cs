namespace EndpointPicker.Demo.Programs;

/// <summary>How big and how fast each simulated model server is, the same for both fleets.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Description">What it stands for, in a few words.</param>
/// <param name="MaxModelLength">Tokens that a prompt and its answer may have.</param>
/// <param name="Speed">The simulator's options.</param>
internal sealed record ServerShape(string Name, string Description, int MaxModelLength, IReadOnlyList<string> Speed)
{
    /// <summary>The simulator's preset that is fitted to a measured run.</summary>
    public static ServerShape Small { get; } = new(
        "small", "an RTX 4090 with Llama 3.1 8B, KV cache of 41,408 tokens", 32_768, ["--preset", "rtx4090-llama-3.1-8b"]);

    /// <summary>An estimate for 80 GB: against the small one three times the bandwidth and the arithmetic, and room for 400,000 tokens.</summary>
    public static ServerShape Large { get; } = new(
        "large",
        "an 80 GB GPU with an 8B model, KV cache of 400,000 tokens",
        131_072,
        [
            "--num-gpu-blocks", "25000", "--block-size", "16", "--max-num-batched-tokens", "8192", "--max-num-seqs", "256",
            "--step-time", "6ms", "--prefill-time-per-token", "33us", "--decode-time-per-seq", "70us",
        ]);

    // One adapter a batch is vLLM's own default of --max-loras.
    public IReadOnlyList<string> Arguments => [.. Speed, "--max-model-len", $"{MaxModelLength}", "--max-loras", "1", "--lora-load-time", "100ms"];

    public static ServerShape? Named(string name) => name == Small.Name ? Small : name == Large.Name ? Large : null;
}
