namespace EndpointPicker.Core.PrefixCache;

/// <summary>How much the prefix index remembers.</summary>
public sealed record PrefixIndexOptions
{
    /// <summary>Blocks remembered for one endpoint where its own cache size is unknown.</summary>
    /// <value>31,250; 0 or less means the default.</value>
    public int LruCapacityPerServer { get; init; } = 31_250;

    /// <summary>Whether an endpoint's capacity follows the cache size that its metrics tell.</summary>
    /// <value><see langword="true"/>.</value>
    /// <remarks>The engine's tokens are divided by the tokens of one block here, because the two block sizes differ.</remarks>
    public bool AutoTune { get; init; } = true;
}
