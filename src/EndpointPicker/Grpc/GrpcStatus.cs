namespace EndpointPicker.Grpc;

/// <summary>How a call ended: a code, and for every code but OK a sentence for the caller.</summary>
internal readonly record struct GrpcStatus(StatusCode Code, string Message)
{
    /// <summary>The call did what was asked.</summary>
    public static GrpcStatus Ok { get; } = new(StatusCode.Ok, "");

    /// <summary>The client went away; never sent, only counted.</summary>
    public static GrpcStatus Cancelled { get; } = new(StatusCode.Cancelled, "the client ended the call");

    /// <summary>The time that the client allowed has passed.</summary>
    public static GrpcStatus DeadlineExceeded { get; } = new(StatusCode.DeadlineExceeded, "deadline exceeded");

    /// <summary>The process stops; the client should call another one.</summary>
    public static GrpcStatus Unavailable { get; } = new(StatusCode.Unavailable, "server is stopping");

    /// <summary>The request's bytes do not mean what the method expects.</summary>
    public static GrpcStatus InvalidArgument(string message) => new(StatusCode.InvalidArgument, message);

    /// <summary>The stream cannot go on because framing or the server itself is broken.</summary>
    public static GrpcStatus Internal(string message) => new(StatusCode.Internal, message);

    /// <summary>No such method, encoding or number of messages.</summary>
    public static GrpcStatus Unimplemented(string message) => new(StatusCode.Unimplemented, message);
}
