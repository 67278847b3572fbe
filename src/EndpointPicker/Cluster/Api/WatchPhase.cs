namespace EndpointPicker.Cluster.Api;

/// <summary>What a watch is about.</summary>
internal enum WatchPhase
{
    /// <summary>It has not run yet.</summary>
    Starting,

    /// <summary>It is listing the objects.</summary>
    Listing,

    /// <summary>It has all objects and follows their changes.</summary>
    Synced,

    /// <summary>The API server does not serve the kind; it looks again every few seconds.</summary>
    Absent,

    /// <summary>The API server cannot be reached or refuses; it tries again.</summary>
    Failing,
}
