namespace EndpointPicker.Cluster.Leases;

/// <summary>A lease as the API server had it.</summary>
/// <param name="Version">Which of its versions; every write makes another.</param>
/// <param name="Claim">Who holds it, and for how long.</param>
/// <param name="Document">The whole object, so that a write keeps what it does not know.</param>
internal sealed record LeaseRecord(string Version, LeaseClaim Claim, ReadOnlyMemory<byte> Document);
