namespace EndpointPicker.LoadGenerator.Client;

/// <summary>How a call ended: a gRPC status code and its message.</summary>
public readonly record struct GrpcStatus(int Code, string Message)
{
    public const int Unknown = 2;
    public const int Internal = 13;
    public const int Unavailable = 14;

    public bool IsOk => Code == 0;

    public override string ToString() => $"grpc-status {Code} \"{Message}\"";
}
