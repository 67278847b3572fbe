namespace EndpointPicker.Core.RequestControl;

/// <summary>How the picker's view of a request ended.</summary>
public enum StreamEnd
{
    /// <summary>The response was seen to its end.</summary>
    Completed,

    /// <summary>The stream ends with the request phase, by the proxy's configuration or by ours: the request goes on unseen.</summary>
    RequestSent,

    /// <summary>The stream ended before that: the client left, or the proxy gave up.</summary>
    Abandoned,

    /// <summary>The picker answered with an error.</summary>
    Refused,
}
