using System.Buffers;
using EndpointPicker.Grpc;

namespace EndpointPicker.Tests.Grpc;

/// <summary>Sends every message back, in the loop that every streaming method has.</summary>
internal sealed class EchoMethod(bool flush = true) : GrpcMethod
{
    public const string EchoPath = "/test.Echo/Echo";

    public override string Path => EchoPath;

    public int Flushes { get; private set; }

    public override async ValueTask<GrpcStatus> HandleAsync(GrpcStream stream)
    {
        while (await stream.ReadAsync())
        {
            while (stream.TryReadMessage(out ReadOnlySequence<byte> message))
            {
                stream.BeginMessage((int)message.Length);
                foreach (ReadOnlyMemory<byte> part in message)
                {
                    stream.Output.Write(part.Span);
                }
            }

            if (flush)
            {
                Flushes++;
                await stream.FlushAsync(CancellationToken.None);
            }
        }

        return GrpcStatus.Ok;
    }
}
