using System.Buffers;
using EndpointPicker.ExtProc;
using Envoy.Service.ExtProc.V3;

namespace EndpointPicker.Tests.ExtProc;

/// <summary>Keeps a stream's answers, and checks that each is exactly as long as it was announced to be.</summary>
internal sealed class RecordedOutput : AnswerOutput
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly List<int> _lengths = [];

    public override IBufferWriter<byte> Bytes => _bytes;

    public override CancellationToken Aborted => Abort.Token;

    public CancellationTokenSource Abort { get; } = new();

    public int Flushes { get; private set; }

    public int Count => _lengths.Count;

    public override void BeginMessage(int length)
    {
        Assert.Equal(_lengths.Sum(), _bytes.WrittenCount);
        _lengths.Add(length);
    }

    public override ValueTask FlushAsync()
    {
        Flushes++;
        return ValueTask.CompletedTask;
    }

    public List<byte[]> TakeBytes()
    {
        Assert.Equal(_lengths.Sum(), _bytes.WrittenCount);
        List<byte[]> messages = [];
        int start = 0;
        foreach (int length in _lengths)
        {
            messages.Add(_bytes.WrittenSpan.Slice(start, length).ToArray());
            start += length;
        }

        _lengths.Clear();
        _bytes.ResetWrittenCount();
        return messages;
    }

    public List<ProcessingResponse> Take() => TakeBytes().ConvertAll(ProcessingResponse.Parser.ParseFrom);
}
