namespace EndpointPicker.Core.PrefixCache;

/// <summary>How much of a prompt is hashed.</summary>
public sealed record PromptHasherOptions
{
    /// <summary>The least tokens a block may have, whatever asks for fewer.</summary>
    public const int MinBlockTokens = 64;

    /// <summary>Blocks of one prompt to hash at most; counts where <see cref="MaxPrefixTokens"/> is 0.</summary>
    /// <value>2,048; 0 means no limit.</value>
    public int MaxPrefixBlocks { get; init; } = 2048;

    /// <summary>Tokens of one prompt to hash at most; goes before <see cref="MaxPrefixBlocks"/>.</summary>
    /// <value>131,072; 0 means that the blocks decide.</value>
    public int MaxPrefixTokens { get; init; } = 131_072;

    /// <summary>Blocks to hash at most with a given block size.</summary>
    /// <param name="blockTokens">Tokens in one block.</param>
    /// <returns>The number of blocks; 0 where not even one is within the limit.</returns>
    public int MaxBlocks(int blockTokens) => MaxPrefixTokens > 0
        ? MaxPrefixTokens / blockTokens
        : MaxPrefixBlocks > 0 ? MaxPrefixBlocks : int.MaxValue;
}
