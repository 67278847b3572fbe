namespace EndpointPicker.DataLayer;

/// <summary>Why a page could not be fetched.</summary>
internal enum FetchError
{
    /// <summary>It was fetched.</summary>
    None,

    /// <summary>No connection, or it broke before the answer was whole.</summary>
    Unreachable,

    /// <summary>No whole answer in time.</summary>
    TimedOut,

    /// <summary>A status other than 200.</summary>
    Status,

    /// <summary>An answer that is not HTTP/1, or in a form that was not asked for.</summary>
    Malformed,

    /// <summary>An answer larger than the limit.</summary>
    TooLarge,
}
