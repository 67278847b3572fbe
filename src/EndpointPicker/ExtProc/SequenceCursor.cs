using System.Buffers;
using EndpointPicker.Grpc;

namespace EndpointPicker.ExtProc;

/// <summary>
/// Walks the fields of one protobuf message wherever its bytes lie, and hands out embedded messages and bodies as slices, so that nothing is
/// copied. Every method returns whether the bytes were well formed.
/// </summary>
internal ref struct SequenceCursor(in ReadOnlySequence<byte> message)
{
    private SequenceReader<byte> _reader = new(message);

    public readonly bool AtEnd => _reader.End;

    public bool TryReadTag(out uint tag)
    {
        bool read = TryReadVarint(out ulong value);
        tag = (uint)value;
        return read && value <= uint.MaxValue && tag >> 3 != 0;
    }

    public bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (!_reader.TryRead(out byte next))
            {
                return false;
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    public bool TryReadBytes(out ReadOnlySequence<byte> value)
    {
        if (!TryReadVarint(out ulong length) || length > (ulong)_reader.Remaining)
        {
            value = default;
            return false;
        }

        value = _reader.UnreadSequence.Slice(0, (long)length);
        _reader.Advance((long)length);
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
                return TryReadVarint(out ulong length) && length <= long.MaxValue && TryAdvance((long)length);
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

    private bool TryAdvance(long count)
    {
        if (_reader.Remaining < count)
        {
            return false;
        }

        _reader.Advance(count);
        return true;
    }
}
