namespace EndpointPicker.Cluster.Api;

/// <summary>Why objects cannot be followed.</summary>
/// <param name="Cause">The same word for all faults of which one thing is the cause, such as a status code; the reason may differ each time.</param>
/// <param name="Kind">The kind that alone is concerned; <see langword="null"/> where others are likely to be.</param>
/// <param name="Reason">What happened, and what to do about it.</param>
internal sealed record WatchFault(string Cause, ResourceKind? Kind, string Reason)
{
    /// <summary>Neither a connection nor a right answer.</summary>
    public static WatchFault Unreachable(string reason) => new("unreachable", null, reason);

    /// <summary>A refusal that any kind may get.</summary>
    public static WatchFault Refused(ApiAnswer answer, string reason) => new($"{answer.Status}", null, reason);

    /// <summary>Something that is wrong with one kind.</summary>
    public static WatchFault Of(ResourceKind kind, string cause, string reason) => new(cause, kind, reason);

    /// <summary>Whether both have one cause.</summary>
    public bool IsLike(WatchFault other) => Cause == other.Cause && Kind == other.Kind;
}
