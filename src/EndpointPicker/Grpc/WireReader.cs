namespace EndpointPicker.Grpc;

/// <summary>Walks the fields of one contiguous protobuf message, for the small messages of health and reflection.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private WireCursor _cursor = new(bytes);

    /// <summary>Whether the walk ended at something that is not protobuf; groups, gone since proto3, count as that.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Takes the next field; false at the end and at the first malformed one.</summary>
    public bool TryNext(out WireField field)
    {
        field = default;
        if (_cursor.AtEnd || IsMalformed)
        {
            return false;
        }

        IsMalformed = !_cursor.TryReadTag(out uint tag) || !TryReadContent(tag, out field);
        return !IsMalformed;
    }

    private bool TryReadContent(uint tag, out WireField field)
    {
        uint type = tag & 7;
        ulong scalar = 0;
        ReadOnlySpan<byte> content = default;
        bool read = type switch
        {
            WireType.Varint => _cursor.TryReadVarint(out scalar),
            WireType.Fixed64 => _cursor.TryReadFixed64(out scalar),
            WireType.Bytes => _cursor.TryReadBytes(out content),
            WireType.Fixed32 => _cursor.TryReadFixed32(out scalar),
            _ => false,
        };
        field = new WireField((int)(tag >> 3), type, scalar, content);
        return read;
    }
}
