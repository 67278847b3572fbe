using System.Buffers.Binary;

namespace EndpointPicker.Grpc;

/// <summary>Walks the fields of one contiguous protobuf message, for the small messages of health and reflection.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private const int MaxVarintBytes = 10;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether the walk ended at something that is not protobuf.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Takes the next field; false at the end and at the first malformed one.</summary>
    public bool TryNext(out WireField field)
    {
        field = default;
        if (_rest.IsEmpty || IsMalformed)
        {
            return false;
        }

        if (!TryReadVarint(out ulong tag) || tag is < 8 or > uint.MaxValue)
        {
            IsMalformed = true;
            return false;
        }

        IsMalformed = !TryReadContent((int)(tag >> 3), (WireType)(tag & 7), out field);
        return !IsMalformed;
    }

    private bool TryReadContent(int number, WireType type, out WireField field)
    {
        field = default;
        ulong scalar = 0;
        ReadOnlySpan<byte> content = default;
        bool read = type switch
        {
            WireType.Varint => TryReadVarint(out scalar),
            WireType.Fixed64 => TryTake(sizeof(ulong), out content),
            WireType.Delimited => TryReadVarint(out ulong length) && TryTake(length, out content),
            WireType.Fixed32 => TryTake(sizeof(uint), out content),
            _ => false,
        };
        if (type is WireType.Fixed64 && read)
        {
            scalar = BinaryPrimitives.ReadUInt64LittleEndian(content);
        }
        else if (type is WireType.Fixed32 && read)
        {
            scalar = BinaryPrimitives.ReadUInt32LittleEndian(content);
        }

        field = new WireField(number, type, scalar, content);
        return read;
    }

    private bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (int i = 0; i < MaxVarintBytes && i < _rest.Length; i++)
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

    private bool TryTake(ulong length, out ReadOnlySpan<byte> content)
    {
        if (length > (ulong)_rest.Length)
        {
            content = default;
            return false;
        }

        content = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }
}
