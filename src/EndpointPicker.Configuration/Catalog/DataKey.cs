namespace EndpointPicker.Configuration.Catalog;

/// <summary>A kind of data that producers make and other plugins read.</summary>
/// <param name="Name">The reference's name.</param>
/// <param name="DefaultProducer">The plugin type that is created where data are needed and no producer is declared.</param>
internal sealed record DataKey(string Name, string DefaultProducer)
{
    public static readonly DataKey TokenizedPrompt = new("TokenizedPrompt", "token-producer");

    public static readonly DataKey PrefixCacheMatch = new("PrefixCacheMatchInfo", "approx-prefix-cache-producer");

    public static readonly DataKey InFlightLoad = new("InFlightLoad", "inflight-load-producer");

    // The reference has no default producer for this key, so that token-load-scorer fails there unless its producer is declared.
    public static readonly DataKey UncachedTokens = new("UncachedRequestTokens", "inflight-load-producer");
}
