using System.Buffers;
using EndpointPicker.Grpc;

namespace EndpointPicker.ExtProc;

/// <summary>Answers into a gRPC stream; kept with its exchange.</summary>
internal sealed class GrpcAnswerOutput : AnswerOutput
{
    private GrpcStream? _stream;

    public override IBufferWriter<byte> Bytes => Stream.Output;

    public override CancellationToken Aborted => Stream.Aborted;

    private GrpcStream Stream => _stream ?? throw new InvalidOperationException("no stream is attached");

    public void Attach(GrpcStream? stream) => _stream = stream;

    public override void BeginMessage(int length) => Stream.BeginMessage(length);

    public override ValueTask FlushAsync() => Stream.FlushAsync(CancellationToken.None);
}
