using System.Buffers;
using EndpointPicker.ExtProc;

namespace EndpointPicker.Benchmarks.ExtProc;

/// <summary>Takes answers, counts them, and keeps nothing.</summary>
internal sealed class DiscardingOutput : AnswerOutput, IBufferWriter<byte>
{
    private readonly byte[] _room = new byte[512 * 1024];

    public int Messages { get; set; }

    public override IBufferWriter<byte> Bytes => this;

    public override CancellationToken Aborted => CancellationToken.None;

    public override void BeginMessage(int length) => Messages++;

    public override ValueTask FlushAsync() => ValueTask.CompletedTask;

    public void Advance(int count)
    {
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => _room;

    public Span<byte> GetSpan(int sizeHint = 0) => _room;
}
