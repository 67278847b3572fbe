namespace EndpointPicker.ExtProc;

/// <summary>What one message of the proxy carries; the numbers are the field numbers of <c>ProcessingRequest</c>.</summary>
internal enum MessageKind
{
    /// <summary>Nothing that this picker knows.</summary>
    None = 0,

    /// <summary>The request's headers.</summary>
    RequestHeaders = 2,

    /// <summary>The response's headers.</summary>
    ResponseHeaders = 3,

    /// <summary>A part of the request's body.</summary>
    RequestBody = 4,

    /// <summary>A part of the response's body.</summary>
    ResponseBody = 5,

    /// <summary>The request's trailers.</summary>
    RequestTrailers = 6,

    /// <summary>The response's trailers.</summary>
    ResponseTrailers = 7,
}
