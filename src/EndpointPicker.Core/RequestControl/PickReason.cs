namespace EndpointPicker.Core.RequestControl;

/// <summary>How a request came to its endpoint, or why it has none.</summary>
public enum PickReason
{
    /// <summary>The scheduler's choice.</summary>
    Scheduled,

    /// <summary>A request without a body, or one that passes untouched: chosen without reading it.</summary>
    HeadersOnly,

    /// <summary>Chosen on the headers because the body could not be had in this mode.</summary>
    BodyNotSent,

    /// <summary>Chosen on the part of the body that the proxy sent before it cut it.</summary>
    BodyCut,

    /// <summary>The decision's budget ran out.</summary>
    DeadlineExceeded,

    /// <summary>A fault inside the picker.</summary>
    InternalFault,

    /// <summary>The body is wrong.</summary>
    BadRequest,

    /// <summary>No endpoint is in the pool, or none of the subset.</summary>
    NoEndpoints,

    /// <summary>Filters removed all candidates.</summary>
    Saturated,

    /// <summary>A sheddable request met a saturated pool.</summary>
    Shed,

    /// <summary>The client asked for an answer from cache only, and the pick holds none of its prompt.</summary>
    NotCached,

    /// <summary>The request names a pool that is not served here.</summary>
    UnknownPool,
}
