namespace EndpointPicker.Cluster.Leases;

/// <summary>Who leads, as one replica sees it.</summary>
/// <param name="Leads">Whether this one does.</param>
/// <param name="Holder">Who held the lease when it was last seen; empty where nobody did, or it was not seen yet.</param>
/// <param name="Fault">Why the lease cannot be had from the API server; empty where it can.</param>
internal sealed record LeaderState(bool Leads, string Holder, string Fault);
