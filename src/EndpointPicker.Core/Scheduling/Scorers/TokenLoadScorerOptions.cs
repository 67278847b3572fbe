namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary>Options of <see cref="TokenLoadScorer"/>.</summary>
public sealed record TokenLoadScorerOptions
{
    /// <summary>The load in tokens that scores 0.</summary>
    /// <value>Default 4194304; must be above 0.</value>
    public long QueueThresholdTokens { get; init; } = 4194304;
}
