using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace EndpointPicker.Core.Requests;

internal sealed partial class JsonScanner
{
    // Runs up to this length are put together with the escapes around them, so that text with many line feeds comes in few pieces.
    private const int ShortRun = 256;

    private static readonly SearchValues<byte> StringStops = SearchValues.Create(
    [
        .. "\"\\"u8,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
    ]);

    private static readonly byte[] Escapes = BuildEscapes();

    private readonly byte[] _scratch = new byte[2048];
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
    private int _utf8Fault;

    private void BeginString(bool isName)
    {
        _isName = isName;
        _heldUsed = 0;
        _state = State.String;
    }

    private int ReadString(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length)
        {
            // Escapes often come one after the other, where a client escapes all that is not ASCII.
            int length = json[at] == '\\' ? 0 : json[at..].IndexOfAny(StringStops);
            ReadOnlySpan<byte> run = length < 0 ? json[at..] : json.Slice(at, length);
            int end = at + run.Length;
            if (_utf8Fault <= end)
            {
                return Fail(JsonFaultKind.Utf8, _utf8Fault, json);
            }

            if (run.Length > 0 && _highSurrogate != 0)
            {
                EndSurrogate();
            }

            if (length < 0)
            {
                Flush();
                Hand(run);
                return end;
            }

            if (json[end] == '"')
            {
                EndString(json, run, end);
                return end + 1;
            }

            if (json[end] != '\\')
            {
                return Fail(JsonFaultKind.ControlCharacter, end, json);
            }

            Take(run);
            at = ReadWholeEscape(json, end + 1);
            if (at <= end)
            {
                _state = State.Escape;
                at = end + 1;
                break;
            }
        }

        if (at == json.Length)
        {
            Flush();
        }

        return at;
    }

    // The place behind an escape that is right and all here; 0 for any other, which is read byte by byte.
    private int ReadWholeEscape(ReadOnlySpan<byte> json, int at)
    {
        if (at >= json.Length)
        {
            return 0;
        }

        byte value = json[at];
        if (value != 'u')
        {
            byte meant = value < Escapes.Length ? Escapes[value] : (byte)0;
            if (meant == 0)
            {
                return 0;
            }

            EndSurrogate();
            Room(1)[0] = meant;
            _scratchUsed++;
            return at + 1;
        }

        if (at + 5 > json.Length)
        {
            return 0;
        }

        int unit = (HexDigit(json[at + 1]) << 12) | (HexDigit(json[at + 2]) << 8) | (HexDigit(json[at + 3]) << 4) | HexDigit(json[at + 4]);
        if (unit < 0)
        {
            return 0;
        }

        _hexValue = unit;
        EndHexEscape();
        return at + 5;
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

        byte meant = value < Escapes.Length ? Escapes[value] : (byte)0;
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
        int digit = HexDigit(json[at]);
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

    private void Put(Rune rune)
    {
        // Apart from the addition: making room may change what is added to.
        int length = rune.EncodeToUtf8(Room(4));
        _scratchUsed += length;
    }

    private static int HexDigit(byte value)
    {
        int letter = value | 0x20;
        return (uint)(value - '0') <= 9 ? value - '0' : (uint)(letter - 'a') <= 5 ? letter - 'a' + 10 : -1;
    }

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

    // Outside of strings only ASCII stands, so the bytes can be checked as one text, whatever the strings in them.
    private int FindUtf8Fault(ReadOnlySpan<byte> json)
    {
        int at = 0;
        for (; at < json.Length && _continuations > 0; at++)
        {
            if (json[at] < _continuationFrom || json[at] > _continuationTo)
            {
                return at;
            }

            _continuations--;
            _continuationFrom = 0x80;
            _continuationTo = 0xBF;
        }

        if (Utf8.IsValid(json[at..]))
        {
            return int.MaxValue;
        }

        // A split within a character is common in large bodies: only its last bytes need the slow look.
        for (int tail = 1; tail <= Math.Min(3, json.Length - at); tail++)
        {
            ReadOnlySpan<byte> last = json[^tail..];
            if (Rune.DecodeFromUtf8(last, out _, out _) == OperationStatus.NeedMoreData && Utf8.IsValid(json[at..^tail]))
            {
                ExpectContinuations(last);
                return int.MaxValue;
            }
        }

        while (Rune.DecodeFromUtf8(json[at..], out _, out int length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
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

    private static byte[] BuildEscapes()
    {
        byte[] meant = new byte[128];
        meant['"'] = (byte)'"';
        meant['\\'] = (byte)'\\';
        meant['/'] = (byte)'/';
        meant['n'] = (byte)'\n';
        meant['t'] = (byte)'\t';
        meant['r'] = (byte)'\r';
        meant['b'] = (byte)'\b';
        meant['f'] = (byte)'\f';
        return meant;
    }
}
