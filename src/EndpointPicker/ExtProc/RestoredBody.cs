using System.Buffers;
using EndpointPicker.Core.Requests.Responses;

namespace EndpointPicker.ExtProc;

/// <summary>Response bodies with the model's name that the client knows in them, and the memory that they take.</summary>
internal sealed class RestoredBody
{
    private const int MostKept = 64 * 1024;

    private readonly ModelNameRestorer _names = new();
    private ArrayBufferWriter<byte> _output = new();

    /// <summary>Whether there is anything to restore.</summary>
    public bool IsActive => _names.IsActive;

    public void Begin(string incoming, string target) => _names.Begin(target, incoming);

    /// <summary>Takes a chunk and gives what may go on.</summary>
    /// <param name="body">The next bytes.</param>
    /// <param name="last">Whether nothing may be kept for a next chunk.</param>
    /// <returns>The bytes to send; valid until the next call.</returns>
    public ReadOnlyMemory<byte> Restore(in ReadOnlySequence<byte> body, bool last)
    {
        _output.ResetWrittenCount();
        foreach (ReadOnlyMemory<byte> segment in body)
        {
            if (!_names.Write(segment.Span, _output))
            {
                _output.Write(segment.Span);
            }
        }

        if (last)
        {
            _names.Flush(_output);
        }

        return _output.WrittenMemory;
    }

    public void Clear()
    {
        _names.Begin("", "");
        if (_output.Capacity > MostKept)
        {
            _output = new ArrayBufferWriter<byte>();
        }
    }
}
