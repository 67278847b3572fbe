using EndpointPicker.Grpc;

namespace EndpointPicker.Tests.Grpc;

/// <summary>A method made of a function.</summary>
internal sealed class DelegateMethod(string path, Func<GrpcStream, ValueTask<GrpcStatus>> handle, bool measured = false) : GrpcMethod
{
    public override string Path => path;

    public override bool IsMeasured => measured;

    public override ValueTask<GrpcStatus> HandleAsync(GrpcStream stream) => handle(stream);
}
