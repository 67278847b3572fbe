using EndpointPicker.Core.PrefixCache;

namespace EndpointPicker.Core.Scheduling.Producers;

/// <summary>Options of <see cref="ApproximatePrefixProducer"/>.</summary>
public sealed record ApproximatePrefixProducerOptions
{
    /// <summary>Whether block size and capacity follow what the engines' metrics tell.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool AutoTune { get; init; } = true;

    /// <summary>Tokens in one block where the engines do not tell.</summary>
    /// <value>Default 16; whatever its origin, a block has at least <see cref="PromptHasherOptions.MinBlockTokens"/> tokens.</value>
    public int BlockSizeTokens { get; init; } = 16;

    /// <summary>Blocks of one prompt to match at most; counts where <see cref="MaxPrefixTokensToMatch"/> is 0.</summary>
    /// <value>Default 2048; 0 means no limit.</value>
    public int MaxPrefixBlocksToMatch { get; init; } = 2048;

    /// <summary>Tokens of one prompt to match at most.</summary>
    /// <value>Default 131072; 0 means that the blocks decide.</value>
    public int MaxPrefixTokensToMatch { get; init; } = 131_072;

    /// <summary>Blocks remembered for one endpoint where its cache size is unknown.</summary>
    /// <value>Default 31250; 0 and below mean the default.</value>
    public int LruCapacityPerServer { get; init; } = 31_250;

    /// <summary>The options of the index that the producer wants.</summary>
    public PrefixIndexOptions Index => new() { AutoTune = AutoTune, LruCapacityPerServer = LruCapacityPerServer };

    /// <summary>The options of the hashers that the producer wants.</summary>
    public PromptHasherOptions Hasher => new() { MaxPrefixBlocks = MaxPrefixBlocksToMatch, MaxPrefixTokens = MaxPrefixTokensToMatch };
}
