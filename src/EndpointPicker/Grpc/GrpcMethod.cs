namespace EndpointPicker.Grpc;

/// <summary>One method of a service, of whatever cardinality.</summary>
internal abstract class GrpcMethod
{
    /// <summary>The request path, <c>/package.Service/Method</c>.</summary>
    public abstract string Path { get; }

    /// <summary>Whether the stream metrics count this method.</summary>
    public virtual bool IsMeasured => false;

    /// <summary>
    /// Serves one call. The status returned leaves together with all that was written and not flushed; where the stream has a
    /// <see cref="GrpcStream.ReadError"/>, that is sent instead. A cancellation of <see cref="GrpcStream.Aborted"/> may be thrown.
    /// </summary>
    public abstract ValueTask<GrpcStatus> HandleAsync(GrpcStream stream);
}
