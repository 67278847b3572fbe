namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary>Options of <see cref="ActiveRequestScorer"/>.</summary>
public sealed record ActiveRequestScorerOptions
{
    /// <summary>As many requests in flight still count as idle.</summary>
    /// <value>Default 0.</value>
    public int IdleThreshold { get; init; }

    /// <summary>The best score of an endpoint that is not idle.</summary>
    /// <value>Default 1; outside 0 to 1 means the default.</value>
    public double MaxBusyScore { get; init; } = 1;
}
