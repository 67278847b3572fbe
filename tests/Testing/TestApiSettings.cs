namespace Testing;

/// <summary>How a <see cref="TestApi"/> is started.</summary>
public sealed record TestApiSettings
{
    /// <summary>Folders or files with CRDs, full paths.</summary>
    public IReadOnlyList<string> Crds { get; init; } = [];

    /// <summary>Whether watches are served from memory. Off, <see cref="TestApi.Compact"/> makes them expire.</summary>
    public bool WatchCache { get; init; } = true;

    /// <summary>How often etcd is compacted, such as <c>200ms</c>; never where empty. This turns the watch cache off.</summary>
    public string CompactEvery { get; init; } = "";

    /// <summary>Lines of <c>token,user,uid,"group1,group2"</c>.</summary>
    public IReadOnlyList<string> Tokens { get; init; } = [];

    /// <summary>Flags for the API server itself.</summary>
    public IReadOnlyList<string> ServerFlags { get; init; } = [];
}
