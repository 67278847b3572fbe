namespace EndpointPicker.Grpc;

/// <summary>The two texts of a status code, as constants so that ending a stream builds no string.</summary>
internal static class StatusCodeText
{
    private static readonly string[] Numbers =
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16"];

    // As grpc-go prints them: dashboards made for the reference select on these label values.
    private static readonly string[] Names =
    [
        "OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound", "AlreadyExists", "PermissionDenied", "ResourceExhausted",
        "FailedPrecondition", "Aborted", "OutOfRange", "Unimplemented", "Internal", "Unavailable", "DataLoss", "Unauthenticated",
    ];

    /// <summary>The value of the <c>grpc-status</c> header.</summary>
    public static string Number(StatusCode code) => Numbers[(int)code];

    /// <summary>The value of the <c>code</c> metric label.</summary>
    public static string Name(StatusCode code) => Names[(int)code];
}
