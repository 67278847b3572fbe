using System.Buffers;

namespace EndpointPicker.Grpc.Reflection;

/// <summary>ServerReflectionInfo, of one of the two packages that clients ask for; the messages are the same.</summary>
internal sealed class ReflectionMethod(string service, ReflectionResponder responder) : GrpcMethod
{
    public override string Path => $"/{service}/ServerReflectionInfo";

    public override async ValueTask<GrpcStatus> HandleAsync(GrpcStream stream)
    {
        while (await stream.ReadAsync())
        {
            while (stream.TryReadMessage(out ReadOnlySequence<byte> message))
            {
                if (!responder.TryRespond(message.ToArray(), out ArrayBufferWriter<byte> response))
                {
                    return GrpcStatus.InvalidArgument("malformed ServerReflectionRequest");
                }

                stream.BeginMessage(response.WrittenCount);
                stream.Output.Write(response.WrittenSpan);
            }

            await stream.FlushAsync(CancellationToken.None);
        }

        return GrpcStatus.Ok;
    }
}
