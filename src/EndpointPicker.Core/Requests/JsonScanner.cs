using System.Buffers;

namespace EndpointPicker.Core.Requests;

/// <summary>
/// A push parser for one JSON document (RFC 8259, strictly) that comes as UTF-8 bytes in any split. It goes over the bytes once, hands
/// strings on as they pass and keeps nothing but the nesting, so that a document costs the same memory whatever its size.
/// </summary>
/// <param name="maxDepth">How many objects and arrays may be open at once.</param>
/// <param name="checkUtf8">Whether strings must be valid UTF-8.</param>
/// <remarks>It allocates only for a <see cref="Fault"/>. Plain runs of a string go to the visitor from the caller's own span.</remarks>
internal sealed partial class JsonScanner(int maxDepth = 256, bool checkUtf8 = true)
{
    /// <summary>Names are reported up to this many bytes; no name that a reader knows comes near it.</summary>
    public const int LongestName = 128;

    /// <summary>Numbers whose text comes in pieces are reported up to this many bytes.</summary>
    public const int LongestSplitNumber = 128;

    private static readonly SearchValues<byte> SkipStops = SearchValues.Create("\"[]{}"u8);

    private readonly ulong[] _objects = new ulong[(maxDepth + 63) / 64];
    private JsonVisitor _visitor = Nobody.Instance;
    private State _state;
    private int _depth;
    private int _skipDepth;
    private long _consumed;
    private int _mark;
    private int _rawFrom = -1;
    private int _rawTo = -1;

    private enum State : byte
    {
        Value,
        ValueOrArrayEnd,
        Name,
        NameOrObjectEnd,
        Colon,
        AfterValue,
        String,
        Escape,
        HexEscape,
        Number,
        Literal,
        Skip,
        SkipString,
        SkipEscape,
        Faulty,
    }

    /// <summary>The first fault; <see langword="null"/> so far.</summary>
    public JsonFault? Fault { get; private set; }

    /// <summary>
    /// Inside a start call, where the value's first byte stands in the document; inside any other, the place behind its last byte.
    /// </summary>
    public long Mark => _consumed + _mark;

    /// <summary>Where the value of the last <see cref="JsonVisitor.Number"/> or <see cref="JsonVisitor.Literal"/> call began.</summary>
    public long ScalarStart { get; private set; }

    /// <summary>Makes the scanner new for another document.</summary>
    /// <param name="visitor">Who takes the reports.</param>
    public void Begin(JsonVisitor visitor)
    {
        _visitor = visitor;
        _state = State.Value;
        _depth = 0;
        _consumed = 0;
        _rawFrom = -1;
        _rawTo = -1;
        _highSurrogate = 0;
        _continuations = 0;
        _scratchUsed = 0;
        _heldUsed = 0;
        Fault = null;
    }

    /// <summary>Reads the next bytes.</summary>
    /// <param name="json">The next bytes, in any split.</param>
    /// <returns>Whether the document is without fault so far.</returns>
    public bool Append(ReadOnlySpan<byte> json)
    {
        int at = 0;
        _utf8Fault = checkUtf8 ? FindUtf8Fault(json) : int.MaxValue;
        if (_rawFrom >= 0)
        {
            _rawFrom = 0;
        }

        while (at < json.Length)
        {
            switch (_state)
            {
                case State.String:
                    at = ReadString(json, at);
                    break;
                case State.Escape:
                    at = ReadEscape(json, at);
                    break;
                case State.HexEscape:
                    at = ReadHexEscape(json, at);
                    break;
                case State.Number:
                    at = ReadNumber(json, at);
                    break;
                case State.Literal:
                    at = ReadLiteral(json, at);
                    break;
                case State.Skip or State.SkipString or State.SkipEscape:
                    at = Skip(json, at);
                    break;
                case State.Faulty:
                    return false;
                default:
                    byte value = json[at];
                    if (value is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
                    {
                        at++;
                        break;
                    }

                    at = ReadStructure(json, at, value);
                    break;
            }
        }

        if (_rawFrom >= 0 && json.Length > _rawFrom)
        {
            _visitor.Raw(json[_rawFrom..]);
        }

        _consumed += json.Length;
        return _state != State.Faulty;
    }

    /// <summary>Ends the document.</summary>
    /// <returns>Whether it is whole and without fault.</returns>
    public bool Finish()
    {
        if (_state == State.Number && _depth == 0 && NumberMayEnd)
        {
            _mark = 0;
            EndNumber(_held.AsSpan(0, _heldUsed));
        }

        if (_state == State.Faulty || (_state == State.AfterValue && _depth == 0))
        {
            return Fault is null;
        }

        bool empty = _state == State.Value && _depth == 0;
        Fault = new JsonFault(empty ? JsonFaultKind.Empty : JsonFaultKind.End, _consumed, null);
        return false;
    }

    /// <summary>
    /// Reports the document's own bytes from here on: from the value's first byte in a start call, from behind its last byte in an end call.
    /// </summary>
    public void StartRaw() => _rawFrom = _mark;

    /// <summary>Ends the raw bytes: before the value in a start call, behind it in an end call.</summary>
    public void StopRaw() => _rawTo = _mark;

    /// <summary>In a start call of an object or array: passes over what is inside without checking it; its end is reported.</summary>
    public void SkipInside() => _skipDepth = 1;

    private int ReadStructure(ReadOnlySpan<byte> json, int at, byte value)
    {
        switch (_state)
        {
            case State.Value:
            case State.ValueOrArrayEnd:
                if (value == ']' && _state == State.ValueOrArrayEnd)
                {
                    return Close(json, at);
                }

                return ReadValue(json, at, value);
            case State.Name:
            case State.NameOrObjectEnd:
                if (value == '"')
                {
                    BeginString(isName: true);
                    return at + 1;
                }

                return value == '}' && _state == State.NameOrObjectEnd ? Close(json, at) : Fail(JsonFaultKind.Name, at, json);
            case State.Colon:
                if (value != ':')
                {
                    return Fail(JsonFaultKind.Colon, at, json);
                }

                _state = State.Value;
                return at + 1;
            default:
                return ReadAfterValue(json, at, value);
        }
    }

    private int ReadAfterValue(ReadOnlySpan<byte> json, int at, byte value)
    {
        if (_depth == 0)
        {
            return Fail(JsonFaultKind.Trailing, at, json);
        }

        bool inObject = InObject;
        if (value == ',')
        {
            _state = inObject ? State.Name : State.Value;
            return at + 1;
        }

        if (value == (inObject ? '}' : ']'))
        {
            return Close(json, at);
        }

        return Fail(inObject ? JsonFaultKind.AfterMember : JsonFaultKind.AfterElement, at, json);
    }

    private int ReadValue(ReadOnlySpan<byte> json, int at, byte value)
    {
        _mark = at;
        switch (value)
        {
            case (byte)'"':
                _visitor.StringStart();
                Deliver(json);
                BeginString(isName: false);
                return at + 1;
            case (byte)'{':
            case (byte)'[':
                return Open(json, at, value == '{');
            case (byte)'t':
                return BeginLiteral(at, JsonKinds.True);
            case (byte)'f':
                return BeginLiteral(at, JsonKinds.False);
            case (byte)'n':
                return BeginLiteral(at, JsonKinds.Null);
            case (byte)'-':
            case >= (byte)'0' and <= (byte)'9':
                BeginNumber(at);
                return at;
            default:
                return Fail(JsonFaultKind.Value, at, json);
        }
    }

    private bool InObject => (_objects[(_depth - 1) >> 6] >> ((_depth - 1) & 63) & 1) != 0;

    private int Open(ReadOnlySpan<byte> json, int at, bool isObject)
    {
        if (_depth == maxDepth)
        {
            return Fail(JsonFaultKind.Depth, at, json);
        }

        ulong bit = 1UL << (_depth & 63);
        ref ulong word = ref _objects[_depth >> 6];
        word = isObject ? word | bit : word & ~bit;
        _depth++;
        _state = isObject ? State.NameOrObjectEnd : State.ValueOrArrayEnd;
        _skipDepth = 0;
        _visitor.ContainerStart(isObject ? JsonKinds.Object : JsonKinds.Array);
        Deliver(json);
        if (_skipDepth > 0)
        {
            _state = State.Skip;
        }

        return at + 1;
    }

    private int Close(ReadOnlySpan<byte> json, int at)
    {
        _depth--;
        _state = State.AfterValue;
        _mark = at + 1;
        _visitor.ContainerEnd();
        Deliver(json);
        return at + 1;
    }

    private int Skip(ReadOnlySpan<byte> json, int at)
    {
        if (_state == State.SkipEscape)
        {
            _state = State.SkipString;
            return at + 1;
        }

        ReadOnlySpan<byte> rest = json[at..];
        int stop = _state == State.Skip ? rest.IndexOfAny(SkipStops) : rest.IndexOfAny((byte)'"', (byte)'\\');
        if (stop < 0)
        {
            return json.Length;
        }

        at += stop;
        switch (json[at])
        {
            case (byte)'"':
                _state = _state == State.Skip ? State.SkipString : State.Skip;
                break;
            case (byte)'\\':
                _state = State.SkipEscape;
                break;
            case (byte)'{' or (byte)'[':
                _skipDepth++;
                break;
            default:
                if (--_skipDepth == 0)
                {
                    return Close(json, at);
                }

                break;
        }

        return at + 1;
    }

    private void Deliver(ReadOnlySpan<byte> json)
    {
        if (_rawTo >= 0)
        {
            int from = _rawFrom;
            int to = _rawTo;
            _rawFrom = -1;
            _rawTo = -1;
            if (from >= 0 && to > from)
            {
                _visitor.Raw(json[from..to]);
            }
        }
    }

    private int Fail(JsonFaultKind kind, int at, ReadOnlySpan<byte> json)
    {
        _state = State.Faulty;
        Fault = new JsonFault(kind, _consumed + at, json[at]);
        return at;
    }

    private sealed class Nobody : JsonVisitor
    {
        public static readonly Nobody Instance = new();
    }
}
