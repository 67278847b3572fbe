namespace EndpointPicker.Cluster.Reviews;

/// <summary>What the API server says of a caller.</summary>
internal enum AccessOutcome
{
    /// <summary>May do it.</summary>
    Allowed,

    /// <summary>Is known, and may not.</summary>
    Denied,

    /// <summary>Has a token that is not known, or not any more.</summary>
    Unauthenticated,

    /// <summary>It does not answer.</summary>
    Unknown,
}
