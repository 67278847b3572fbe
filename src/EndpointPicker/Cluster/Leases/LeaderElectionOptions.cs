namespace EndpointPicker.Cluster.Leases;

/// <summary>Who takes part in an election, and its times. All who take part should have the same.</summary>
internal sealed record LeaderElectionOptions
{
    /// <summary>Who we are: one of a kind among all processes, also among those that ran on this machine before.</summary>
    public required string Identity { get; init; }

    /// <summary>How long a lease holds that is not renewed.</summary>
    /// <value>15 s.</value>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a leader leads on after its last renewal.</summary>
    /// <value>10 s.</value>
    /// <remarks>Less than <see cref="LeaseDuration"/>: the old leader ends before the next one begins.</remarks>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait between two attempts; those who do not lead wait up to 2.2 times as long.</summary>
    /// <value>2 s.</value>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);
}
