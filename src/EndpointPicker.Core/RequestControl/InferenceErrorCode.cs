namespace EndpointPicker.Core.RequestControl;

/// <summary>Why a request gets an error instead of an endpoint; the names are the reference's error codes, as metrics show them.</summary>
public enum InferenceErrorCode
{
    /// <summary>No error.</summary>
    None,

    /// <summary>400.</summary>
    BadRequest,

    /// <summary>412.</summary>
    PreconditionFailed,

    /// <summary>413: the body is larger than the picker's limit.</summary>
    PayloadTooLarge,

    /// <summary>429.</summary>
    ResourceExhausted,

    /// <summary>500.</summary>
    Internal,

    /// <summary>503.</summary>
    ServiceUnavailable,
}
