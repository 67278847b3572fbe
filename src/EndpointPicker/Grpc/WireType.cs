namespace EndpointPicker.Grpc;

/// <summary>How a protobuf field is laid out; groups are gone since proto3.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Delimited = 2,
    Fixed32 = 5,
}
