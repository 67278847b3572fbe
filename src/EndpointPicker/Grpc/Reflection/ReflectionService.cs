namespace EndpointPicker.Grpc.Reflection;

/// <summary>grpc.reflection, by its name of today and by the one that older clients use.</summary>
internal static class ReflectionService
{
    public const string Name = "grpc.reflection.v1.ServerReflection";

    public const string AlphaName = "grpc.reflection.v1alpha.ServerReflection";

    /// <summary>The reflection methods of a server with those services beside reflection itself.</summary>
    public static GrpcMethod[] Methods(DescriptorSet descriptors, IEnumerable<string> services)
    {
        ReflectionResponder responder = new(descriptors, [.. services, Name, AlphaName]);
        return [new ReflectionMethod(Name, responder), new ReflectionMethod(AlphaName, responder)];
    }
}
