namespace EndpointPicker.Cluster.Api;

/// <summary>What a watch is about, for readiness and logs.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Reason">Why it fails; empty in other phases.</param>
/// <param name="Since">When the phase began; for a failing one, its first failure in a row.</param>
internal sealed record WatchState(WatchPhase Phase, string Reason, DateTimeOffset Since);
