namespace EndpointPicker.Grpc.Reflection;

/// <summary>One serialized FileDescriptorProto and the files that it imports.</summary>
internal sealed record DescriptorFile(string Name, ReadOnlyMemory<byte> Bytes, IReadOnlyList<string> Dependencies);
