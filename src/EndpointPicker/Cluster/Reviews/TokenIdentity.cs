namespace EndpointPicker.Cluster.Reviews;

/// <summary>Whose a token is.</summary>
/// <param name="IsAuthenticated">Whether the API server knows it.</param>
/// <param name="Name">The user's name; empty for an unknown token.</param>
/// <param name="User">The user as the API server describes it, JSON; empty for an unknown token.</param>
internal sealed record TokenIdentity(bool IsAuthenticated, string Name, ReadOnlyMemory<byte> User);
