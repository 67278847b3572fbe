using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EndpointPicker.ExtProc;

/// <summary>
/// Puts the name that the client asked for back where a response says <c>"model":"target"</c>, with or without a space after the colon. What
/// may be the beginning of a match at the end of a chunk is kept until the next chunk decides.
/// </summary>
internal sealed class ModelNameRestorer
{
    private const int MostKept = 64 * 1024;

    private ArrayBufferWriter<byte> _work = new();
    private ArrayBufferWriter<byte> _output = new();
    private byte[] _target = [];
    private byte[] _incoming = [];

    /// <summary>Whether there is anything to restore.</summary>
    public bool IsActive => _target.Length > 0;

    private static ReadOnlySpan<byte> Key => "\"model\":"u8;

    /// <summary>A JSON string as model servers write it: no more escaped than must be.</summary>
    public static byte[] Quote(string text) =>
        [(byte)'"', .. JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"'];

    public void Begin(string incoming, string target)
    {
        if (incoming.Length > 0 && target.Length > 0 && incoming != target)
        {
            _incoming = Quote(incoming);
            _target = Quote(target);
        }
    }

    /// <summary>Takes a chunk and gives what may go on.</summary>
    /// <param name="body">The next bytes.</param>
    /// <param name="last">Whether nothing may be kept for a next chunk.</param>
    /// <returns>The bytes to send; valid until the next call.</returns>
    public ReadOnlyMemory<byte> Restore(in ReadOnlySequence<byte> body, bool last)
    {
        _output.ResetWrittenCount();
        foreach (ReadOnlyMemory<byte> segment in body)
        {
            _work.Write(segment.Span);
        }

        ReadOnlySpan<byte> rest = _work.WrittenSpan;
        while (true)
        {
            int at = rest.IndexOf(Key);
            if (at < 0)
            {
                break;
            }

            _output.Write(rest[..at]);
            rest = rest[at..];
            int space = rest.Length > Key.Length && rest[Key.Length] == ' ' ? 1 : 0;
            ReadOnlySpan<byte> value = rest[(Key.Length + space)..];
            if (value.StartsWith(_target))
            {
                _output.Write(rest[..(Key.Length + space)]);
                _output.Write(_incoming);
                rest = value[_target.Length..];
            }
            else if (!last && value.Length < _target.Length && _target.AsSpan().StartsWith(value))
            {
                return Keep(rest.Length);
            }
            else
            {
                _output.Write(rest[..Key.Length]);
                rest = rest[Key.Length..];
            }
        }

        int kept = last ? 0 : BeginningOfKey(rest);
        _output.Write(rest[..^kept]);
        return Keep(kept);
    }

    public void Clear()
    {
        _target = [];
        _incoming = [];
        if (_work.Capacity + _output.Capacity > MostKept)
        {
            _work = new ArrayBufferWriter<byte>();
            _output = new ArrayBufferWriter<byte>();
        }

        _work.ResetWrittenCount();
        _output.ResetWrittenCount();
    }

    private static int BeginningOfKey(ReadOnlySpan<byte> text)
    {
        for (int length = Math.Min(Key.Length - 1, text.Length); length > 0; length--)
        {
            if (Key.StartsWith(text[^length..]))
            {
                return length;
            }
        }

        return 0;
    }

    private ReadOnlyMemory<byte> Keep(int length)
    {
        Span<byte> kept = stackalloc byte[length <= 256 ? length : 0];
        byte[] larger = length <= 256 ? [] : _work.WrittenSpan[^length..].ToArray();
        if (length <= 256)
        {
            _work.WrittenSpan[^length..].CopyTo(kept);
        }

        _work.ResetWrittenCount();
        _work.Write(length <= 256 ? kept : larger);
        return _output.WrittenMemory;
    }
}
