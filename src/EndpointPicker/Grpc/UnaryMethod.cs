using System.Buffers;

namespace EndpointPicker.Grpc;

/// <summary>A method with one request, and an answer known at once.</summary>
internal abstract class UnaryMethod : GrpcMethod
{
    public override async ValueTask<GrpcStatus> HandleAsync(GrpcStream stream)
    {
        GrpcStatus? outcome = null;
        while (await stream.ReadAsync())
        {
            while (stream.TryReadMessage(out ReadOnlySequence<byte> message))
            {
                if (outcome is not null)
                {
                    return GrpcStatus.Unimplemented("more than one request message");
                }

                outcome = Answer(message.ToArray(), stream);
            }
        }

        return outcome ?? GrpcStatus.Unimplemented("no request message");
    }

    /// <summary>Writes the answer, if there is one, and says how the call ends.</summary>
    protected abstract GrpcStatus Answer(byte[] request, GrpcStream stream);
}
