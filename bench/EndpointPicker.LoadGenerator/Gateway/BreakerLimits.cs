namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>Circuit-breaker limits of the upstream cluster, with Envoy's names and meaning.</summary>
public sealed record BreakerLimits
{
    public int MaxConnections { get; init; } = 1024;

    public int MaxConnectionsPerHost { get; init; } = int.MaxValue;

    public int MaxPendingRequests { get; init; } = 1024;

    public int MaxRequests { get; init; } = 1024;
}
