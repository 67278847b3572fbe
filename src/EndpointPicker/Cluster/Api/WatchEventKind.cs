namespace EndpointPicker.Cluster.Api;

/// <summary>What a frame of a watch tells.</summary>
internal enum WatchEventKind
{
    /// <summary>Something that we do not know: no reason to stop.</summary>
    Unknown,

    /// <summary>An object is new or changed.</summary>
    Put,

    /// <summary>An object is gone.</summary>
    Removed,

    /// <summary>Nothing changed up to a version.</summary>
    Bookmark,

    /// <summary>The watch is over, with a <c>Status</c>.</summary>
    Error,
}
