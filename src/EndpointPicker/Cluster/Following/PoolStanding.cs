namespace EndpointPicker.Cluster.Following;

/// <summary>What following has come to know of a pool.</summary>
/// <param name="Missing">Why the pool cannot serve yet, or no longer; <see langword="null"/> where it can.</param>
/// <param name="Pending">Whether that may only be because the API server has not told everything yet.</param>
/// <param name="AppProtocol">What the pool's pods speak; empty where nothing is said of it.</param>
internal sealed record PoolStanding(string? Missing, bool Pending, string AppProtocol);
