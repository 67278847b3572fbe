namespace EndpointPicker.Grpc;

/// <summary>The limits that the server puts on every call.</summary>
internal sealed record GrpcServerOptions
{
    /// <summary>The largest message taken, before and after inflation.</summary>
    /// <value>16 MiB.</value>
    public int MaxReceiveMessageBytes { get; init; } = 16 * 1024 * 1024;
}
