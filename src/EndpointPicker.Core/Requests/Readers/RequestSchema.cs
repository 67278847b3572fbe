namespace EndpointPicker.Core.Requests.Readers;

/// <summary>What one API's request bodies must look like, and what to say of those that do not.</summary>
/// <param name="api">The API.</param>
/// <param name="what">The request for people, such as <c>chat completions request</c>.</param>
/// <param name="members">The members of the body that matter.</param>
internal sealed class RequestSchema(RequestApi api, string what, params ShapeMember[] members)
{
    /// <summary>The API.</summary>
    public RequestApi Api => api;

    /// <summary>The request for people.</summary>
    public string What => what;

    /// <summary>The body.</summary>
    public Shape Root { get; } = new() { Allowed = JsonKinds.Object, Members = members };

    /// <summary>Members of which at least one must be there and be neither null nor, unless <see cref="MayBeEmpty"/>, empty.</summary>
    public required string[] Required { get; init; }

    /// <summary>Whether an empty string or array will do for a required member.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>The reference's words for a required member that is missing.</summary>
    public required string ReferenceMissing { get; init; }

    /// <summary>The reference's words for one that is empty; <see langword="null"/> where they are the same.</summary>
    public string? ReferenceEmpty { get; init; }

    /// <summary>The reference's words for a value of the wrong kind; <c>{0}</c> stands for the detail.</summary>
    public string? ReferenceMismatch { get; init; }

    /// <summary>The same for one member that has words of its own.</summary>
    public IReadOnlyDictionary<string, string> ReferenceMismatchOf { get; init; } = new Dictionary<string, string>();

    /// <summary>What the reference puts before its JSON library's error.</summary>
    public string ReferenceMalformed { get; init; } = "error unmarshaling request bodyMap: ";
}
