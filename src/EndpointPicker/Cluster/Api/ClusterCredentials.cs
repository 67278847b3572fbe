namespace EndpointPicker.Cluster.Api;

/// <summary>What proves to the API server who we are; all may be absent.</summary>
/// <remarks>A class, not a record: secrets must not turn up in a printed value.</remarks>
internal sealed class ClusterCredentials
{
    /// <summary>A bearer token that stays.</summary>
    public string? Token { get; init; }

    /// <summary>A file with a bearer token that is replaced from time to time; it goes before <see cref="Token"/>.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The client's certificate, with its chain.</summary>
    public PemSource? Certificate { get; init; }

    /// <summary>The key of <see cref="Certificate"/>.</summary>
    public PemSource? Key { get; init; }
}
