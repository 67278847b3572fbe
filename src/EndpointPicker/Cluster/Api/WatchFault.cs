namespace EndpointPicker.Cluster.Api;

/// <summary>Why objects cannot be followed.</summary>
/// <param name="Cause">The same word for all faults of which one thing is the cause, such as a status code; the reason may differ each time.</param>
/// <param name="Kind">The kind that alone is concerned; <see langword="null"/> where others are likely to be.</param>
/// <param name="Reason">What happened, and what to do about it.</param>
internal sealed record WatchFault(string Cause, ResourceKind? Kind, string Reason)
{
    /// <summary>Neither a connection nor a right answer.</summary>
    public static WatchFault Unreachable(string reason) => new("unreachable", null, reason) { Unwell = true };

    /// <summary>An answer of a server that cannot now.</summary>
    public static WatchFault Overtaxed(ApiAnswer answer, string reason) => new($"{answer.Status}", null, reason) { Unwell = true };

    /// <summary>Credentials that are no good.</summary>
    public static WatchFault Unauthorized(string reason) => new("unauthorized", null, reason);

    /// <summary>Something that is wrong with one kind.</summary>
    public static WatchFault Of(ResourceKind kind, string cause, string reason) => new(cause, kind, reason);

    /// <summary>Whether the server is unwell: away, or there and not itself. On its way back it is the one after the other.</summary>
    public bool Unwell { get; private init; }

    /// <summary>Whether a watch that both stop, one after the other, is in one trouble.</summary>
    public bool IsLike(WatchFault other) => (Unwell && other.Unwell) || (Cause == other.Cause && Kind == other.Kind);
}
