using System.Buffers.Binary;

namespace EndpointPicker.Grpc;

/// <summary>Walks the fields of one protobuf message in contiguous memory. Every method returns whether the bytes were well formed.</summary>
internal ref struct WireCursor(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    public readonly bool AtEnd => _rest.IsEmpty;

    public bool TryReadTag(out uint tag)
    {
        bool read = TryReadVarint(out ulong value);
        tag = (uint)value;
        return read && value <= uint.MaxValue && tag >> 3 != 0;
    }

    public bool TryReadVarint(out ulong value)
    {
        if (!_rest.IsEmpty && _rest[0] < 0x80)
        {
            value = _rest[0];
            _rest = _rest[1..];
            return true;
        }

        value = 0;
        for (int i = 0; i < 10 && i < _rest.Length; i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    public bool TryReadFixed64(out ulong value)
    {
        if (!BinaryPrimitives.TryReadUInt64LittleEndian(_rest, out value))
        {
            return false;
        }

        _rest = _rest[8..];
        return true;
    }

    public bool TryReadFixed32(out ulong value)
    {
        bool read = BinaryPrimitives.TryReadUInt32LittleEndian(_rest, out uint number);
        value = number;
        return read && TryAdvance(sizeof(uint));
    }

    public bool TryReadBytes(out ReadOnlySpan<byte> value)
    {
        if (!TryReadVarint(out ulong length) || length > (ulong)_rest.Length)
        {
            value = default;
            return false;
        }

        value = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    /// <summary>Passes over the value of a field that is not wanted.</summary>
    public bool TrySkip(uint tag) => TrySkip(tag, 0);

    private bool TrySkip(uint tag, int depth)
    {
        switch (tag & 7)
        {
            case WireType.Varint:
                return TryReadVarint(out _);
            case WireType.Fixed64:
                return TryAdvance(8);
            case WireType.Bytes:
                return TryReadBytes(out _);
            case WireType.StartGroup:
                return depth < WireType.MaxGroupDepth && TrySkipGroup(tag, depth + 1);
            case WireType.Fixed32:
                return TryAdvance(4);
            default:
                return false;
        }
    }

    private bool TrySkipGroup(uint start, int depth)
    {
        while (TryReadTag(out uint tag))
        {
            if ((tag & 7) == WireType.EndGroup)
            {
                return tag >> 3 == start >> 3;
            }

            if (!TrySkip(tag, depth))
            {
                return false;
            }
        }

        return false;
    }

    private bool TryAdvance(int count)
    {
        if (_rest.Length < count)
        {
            return false;
        }

        _rest = _rest[count..];
        return true;
    }
}
