namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary>Options of <see cref="PrefixCacheScorer"/>.</summary>
public sealed record PrefixCacheScorerOptions
{
    /// <summary>How much the matched length counts against the matched ratio.</summary>
    /// <value>Default 0; from 0 to 1.</value>
    public double MatchLengthWeight { get; init; }

    /// <summary>The matched length, in tokens, that counts in full.</summary>
    /// <value>Default 8192.</value>
    /// <remarks>Must be above 0 where <see cref="MatchLengthWeight"/> is.</remarks>
    public int MatchLengthScaleTokens { get; init; } = 8192;
}
