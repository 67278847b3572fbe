namespace EndpointPicker.Grpc;

/// <summary>One field of a protobuf message: a number as <see cref="Scalar"/>, or the content of a length-delimited field as <see cref="Bytes"/>.</summary>
internal readonly ref struct WireField(int number, uint type, ulong scalar, ReadOnlySpan<byte> bytes)
{
    public int Number { get; } = number;

    /// <summary>Its layout, a <see cref="WireType"/>.</summary>
    public uint Type { get; } = type;

    public ulong Scalar { get; } = scalar;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>Whether this is the length-delimited field of that number.</summary>
    public bool Is(int expected) => Number == expected && Type == WireType.Bytes;
}
