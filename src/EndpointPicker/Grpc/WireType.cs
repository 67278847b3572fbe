namespace EndpointPicker.Grpc;

/// <summary>How a protobuf field is laid out; the low three bits of its tag.</summary>
internal static class WireType
{
    public const uint Varint = 0;
    public const uint Fixed64 = 1;
    public const uint Bytes = 2;
    public const uint StartGroup = 3;
    public const uint EndGroup = 4;
    public const uint Fixed32 = 5;

    /// <summary>How deep unknown groups may nest, as in the generated code.</summary>
    public const int MaxGroupDepth = 100;

    /// <summary>Field number and layout as they stand before a value.</summary>
    public static uint Tag(uint field, uint wireType) => (field << 3) | wireType;
}
