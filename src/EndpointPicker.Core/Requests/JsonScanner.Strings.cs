using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace EndpointPicker.Core.Requests;

internal sealed partial class JsonScanner
{
    // Runs up to this length are put together with the escapes around them, so that text with many line feeds comes in few pieces.
    private const int ShortRun = 96;

    private static readonly SearchValues<byte> StringStops = SearchValues.Create(
    [
        .. "\"\\"u8,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
    ]);

    private readonly byte[] _scratch = new byte[512];
    private readonly byte[] _held = new byte[LongestName];
    private int _scratchUsed;
    private int _heldUsed;
    private bool _isName;
    private int _hexDigits;
    private int _hexValue;
    private int _highSurrogate;
    private int _continuations;
    private byte _continuationFrom;
    private byte _continuationTo;

    private void BeginString(bool isName)
    {
        _isName = isName;
        _heldUsed = 0;
        _state = State.String;
    }

    private int ReadString(ReadOnlySpan<byte> json, int at)
    {
        ReadOnlySpan<byte> rest = json[at..];
        int stop = rest.IndexOfAny(StringStops);
        ReadOnlySpan<byte> run = stop < 0 ? rest : rest[..stop];
        if (checkUtf8 && !CheckUtf8(run, out int fault))
        {
            return Fail(JsonFaultKind.Utf8, at + fault, json);
        }

        if (stop >= 0 && _continuations > 0)
        {
            return Fail(JsonFaultKind.Utf8, at + stop, json);
        }

        if (run.Length > 0)
        {
            EndSurrogate();
        }

        int end = at + run.Length;
        if (stop < 0)
        {
            Flush();
            Hand(run);
            return end;
        }

        switch (json[end])
        {
            case (byte)'"':
                EndString(json, run, end);
                return end + 1;
            case (byte)'\\':
                Take(run);
                _state = State.Escape;
                return end + 1;
            default:
                Flush();
                return Fail(JsonFaultKind.ControlCharacter, end, json);
        }
    }

    private void EndString(ReadOnlySpan<byte> json, ReadOnlySpan<byte> run, int end)
    {
        EndSurrogate();
        _mark = end + 1;
        if (_isName)
        {
            _state = State.Colon;
            if (_heldUsed == 0 && _scratchUsed == 0)
            {
                _visitor.Name(run.Length > LongestName ? run[..LongestName] : run);
            }
            else
            {
                Take(run);
                Flush();
                _visitor.Name(_held.AsSpan(0, _heldUsed));
            }

            return;
        }

        _state = State.AfterValue;
        if (_scratchUsed == 0)
        {
            Hand(run);
        }
        else
        {
            Take(run);
            Flush();
        }

        _mark = end + 1;
        _visitor.StringEnd();
        Deliver(json);
    }

    private int ReadEscape(ReadOnlySpan<byte> json, int at)
    {
        byte value = json[at];
        if (value == 'u')
        {
            _hexDigits = 0;
            _hexValue = 0;
            _state = State.HexEscape;
            return at + 1;
        }

        byte meant = value switch
        {
            (byte)'"' or (byte)'\\' or (byte)'/' => value,
            (byte)'n' => (byte)'\n',
            (byte)'t' => (byte)'\t',
            (byte)'r' => (byte)'\r',
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            _ => 0,
        };
        if (meant == 0)
        {
            return Fail(JsonFaultKind.Escape, at, json);
        }

        EndSurrogate();
        Room(1)[0] = meant;
        _scratchUsed++;
        _state = State.String;
        if (at + 1 == json.Length)
        {
            Flush();
        }

        return at + 1;
    }

    private int ReadHexEscape(ReadOnlySpan<byte> json, int at)
    {
        int digit = json[at] switch
        {
            >= (byte)'0' and <= (byte)'9' => json[at] - '0',
            >= (byte)'a' and <= (byte)'f' => json[at] - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => json[at] - 'A' + 10,
            _ => -1,
        };
        if (digit < 0)
        {
            return Fail(JsonFaultKind.HexEscape, at, json);
        }

        _hexValue = (_hexValue << 4) | digit;
        if (++_hexDigits == 4)
        {
            _state = State.String;
            EndHexEscape();
            if (at + 1 == json.Length)
            {
                Flush();
            }
        }

        return at + 1;
    }

    private void EndHexEscape()
    {
        char unit = (char)_hexValue;
        if (_highSurrogate != 0 && char.IsLowSurrogate(unit))
        {
            Put(new Rune((char)_highSurrogate, unit));
            _highSurrogate = 0;
            return;
        }

        EndSurrogate();
        if (char.IsHighSurrogate(unit))
        {
            _highSurrogate = unit;
            return;
        }

        Put(char.IsLowSurrogate(unit) ? Rune.ReplacementChar : new Rune(unit));
    }

    private void EndSurrogate()
    {
        if (_highSurrogate != 0)
        {
            _highSurrogate = 0;
            Put(Rune.ReplacementChar);
        }
    }

    private void Put(Rune rune) => _scratchUsed += rune.EncodeToUtf8(Room(4));

    private Span<byte> Room(int length)
    {
        if (_scratchUsed + length > _scratch.Length)
        {
            Flush();
        }

        return _scratch.AsSpan(_scratchUsed);
    }

    private void Take(ReadOnlySpan<byte> run)
    {
        if (run.Length > ShortRun)
        {
            Flush();
            Hand(run);
            return;
        }

        run.CopyTo(Room(run.Length));
        _scratchUsed += run.Length;
    }

    private void Flush()
    {
        int used = _scratchUsed;
        _scratchUsed = 0;
        Hand(_scratch.AsSpan(0, used));
    }

    private void Hand(ReadOnlySpan<byte> piece)
    {
        if (piece.Length == 0)
        {
            return;
        }

        if (_isName)
        {
            piece = piece[..Math.Min(piece.Length, LongestName - _heldUsed)];
            piece.CopyTo(_held.AsSpan(_heldUsed));
            _heldUsed += piece.Length;
            return;
        }

        _visitor.StringPiece(piece);
    }

    private bool CheckUtf8(ReadOnlySpan<byte> run, out int fault)
    {
        int at = 0;
        for (; at < run.Length && _continuations > 0; at++)
        {
            if (run[at] < _continuationFrom || run[at] > _continuationTo)
            {
                fault = at;
                return false;
            }

            _continuations--;
            _continuationFrom = 0x80;
            _continuationTo = 0xBF;
        }

        fault = 0;
        if (Utf8.IsValid(run[at..]))
        {
            return true;
        }

        // A split within a character is common in large bodies: only its last bytes need the slow look.
        for (int tail = 1; tail <= Math.Min(3, run.Length - at); tail++)
        {
            ReadOnlySpan<byte> last = run[^tail..];
            if (Rune.DecodeFromUtf8(last, out _, out _) == OperationStatus.NeedMoreData && Utf8.IsValid(run[at..^tail]))
            {
                ExpectContinuations(last);
                return true;
            }
        }

        while (Rune.DecodeFromUtf8(run[at..], out _, out int length) == OperationStatus.Done)
        {
            at += length;
        }

        fault = at;
        return false;
    }

    private void ExpectContinuations(ReadOnlySpan<byte> started)
    {
        byte first = started[0];
        int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        _continuations = length - started.Length;
        _continuationFrom = 0x80;
        _continuationTo = 0xBF;
        if (started.Length == 1)
        {
            // RFC 3629: overlong forms, surrogates and what is above U+10FFFF are told by the second byte.
            _continuationFrom = first switch { 0xE0 => 0xA0, 0xF0 => 0x90, _ => 0x80 };
            _continuationTo = first switch { 0xED => 0x9F, 0xF4 => 0x8F, _ => 0xBF };
        }
    }
}
