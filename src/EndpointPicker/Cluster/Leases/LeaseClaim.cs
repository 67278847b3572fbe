namespace EndpointPicker.Cluster.Leases;

/// <summary>What a lease says.</summary>
internal sealed record LeaseClaim
{
    /// <summary>Who holds it; empty where nobody does.</summary>
    public string Holder { get; init; } = "";

    /// <summary>How long it holds from its last renewal on; zero where it does not say.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How often it has changed hands.</summary>
    public int Transitions { get; init; }

    /// <summary>When the holder got it, by the holder's clock; for people only.</summary>
    public DateTimeOffset? Acquired { get; init; }

    /// <summary>When the holder renewed it, by the holder's clock; for people only.</summary>
    public DateTimeOffset? Renewed { get; init; }
}
