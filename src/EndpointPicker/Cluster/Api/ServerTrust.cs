namespace EndpointPicker.Cluster.Api;

/// <summary>How the API server's certificate is judged.</summary>
internal sealed record ServerTrust
{
    /// <summary>The only authorities that are trusted; those of the system where <see langword="null"/>.</summary>
    public PemSource? Authority { get; init; }

    /// <summary>The name that the certificate must have; that of the address where <see langword="null"/>.</summary>
    public string? ServerName { get; init; }

    /// <summary>Whether any certificate will do.</summary>
    public bool SkipVerification { get; init; }
}
