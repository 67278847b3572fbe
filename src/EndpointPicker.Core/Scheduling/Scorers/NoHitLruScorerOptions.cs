namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary>Options of <see cref="NoHitLruScorer"/>.</summary>
public sealed record NoHitLruScorerOptions
{
    /// <summary>How many endpoints are remembered.</summary>
    /// <value>Default 1024.</value>
    public int LruSize { get; init; } = 1024;
}
