namespace EndpointPicker.Cluster.Leases;

/// <summary>What became of a read or a write of a lease: the lease as it is now, or why there is none.</summary>
internal sealed record LeaseAnswer
{
    private LeaseAnswer()
    {
    }

    /// <summary>There is no such lease.</summary>
    public static LeaseAnswer Missing { get; } = new();

    /// <summary>Somebody else has written it since it was read.</summary>
    public static LeaseAnswer Conflict { get; } = new();

    /// <summary>The lease as it is now.</summary>
    public LeaseRecord? Record { get; private init; }

    /// <summary>Why the API server could not be asked or refused, for people to read.</summary>
    public string? Fault { get; private init; }

    public static LeaseAnswer Of(LeaseRecord record) => new() { Record = record };

    public static LeaseAnswer Failed(string fault) => new() { Fault = fault };
}
