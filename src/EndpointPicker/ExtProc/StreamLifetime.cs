namespace EndpointPicker.ExtProc;

/// <summary>When the picker itself ends a stream that could go on.</summary>
internal enum StreamLifetime
{
    /// <summary>Never: the proxy's configuration decides, and all that comes is used.</summary>
    Auto,

    /// <summary>With the last answer of the request phase.</summary>
    Request,

    /// <summary>With the answer to the response's headers.</summary>
    Headers,
}
