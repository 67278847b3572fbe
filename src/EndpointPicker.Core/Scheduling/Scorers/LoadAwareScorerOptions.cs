namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary>Options of <see cref="LoadAwareScorer"/>.</summary>
public sealed record LoadAwareScorerOptions
{
    /// <summary>The queue length that scores 0.</summary>
    /// <value>Default 128; 0 and below mean the default.</value>
    public int Threshold { get; init; } = 128;
}
