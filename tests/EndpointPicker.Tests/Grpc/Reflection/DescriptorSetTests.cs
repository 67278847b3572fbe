using EndpointPicker.Grpc.Reflection;
using Envoy.Service.ExtProc.V3;
using global::Grpc.Health.V1;
using Google.Protobuf.Reflection;

namespace EndpointPicker.Tests.Grpc.Reflection;

public sealed class DescriptorSetTests
{
    // The code that protoc generates carries the same descriptors, by another way than the embedded set.
    public static TheoryData<string> FileNames =>
    [
        .. Closure(ExternalProcessorReflection.Descriptor, HealthReflection.Descriptor,
            global::Grpc.Reflection.V1.ReflectionReflection.Descriptor, global::Grpc.Reflection.V1Alpha.ReflectionReflection.Descriptor).Select(file => file.Name),
    ];

    [Theory]
    [MemberData(nameof(FileNames))]
    public void FindFile_Served_EqualsGenerated(string name)
    {
        FileDescriptor generated = Closure(ExternalProcessorReflection.Descriptor, HealthReflection.Descriptor,
            global::Grpc.Reflection.V1.ReflectionReflection.Descriptor, global::Grpc.Reflection.V1Alpha.ReflectionReflection.Descriptor).Single(file => file.Name == name);
        DescriptorFile? found = DescriptorSet.Load().FindFile(name);
        Assert.NotNull(found);
        FileDescriptorProto served = FileDescriptorProto.Parser.ParseFrom(found.Bytes.Span);
        ForgetJsonNames(served.MessageType);
        Assert.Equal(FileDescriptorProto.Parser.ParseFrom(generated.SerializedData), served);
    }

    [Fact]
    public void FindSymbol_EveryNameOfTheProcessor_FindsItsFile()
    {
        DescriptorSet set = DescriptorSet.Load();
        foreach (FileDescriptor file in Closure(ExternalProcessorReflection.Descriptor))
        {
            foreach (MessageDescriptor message in file.MessageTypes.SelectMany(WithNested))
            {
                Assert.True(set.IsMessage(message.FullName));
                IEnumerable<string> members = [.. message.Fields.InDeclarationOrder().Select(field => field.FullName), .. message.EnumTypes.Select(type => type.FullName)];
                Assert.All(members.Append(message.FullName), name => Assert.Equal(file.Name, set.FindSymbol(name)?.Name));
            }


            // Protobuf scopes an enum's values beside it; only the C# descriptors' full names put them inside.
            Assert.All(file.EnumTypes.SelectMany(type => type.Values), value => Assert.Equal(file.Name, set.FindSymbol($"{file.Package}.{value.Name}")?.Name));
            Assert.All(file.Services.SelectMany(service => service.Methods), method => Assert.Equal(file.Name, set.FindSymbol(method.FullName)?.Name));
        }

        Assert.Null(set.FindSymbol("envoy.service.ext_proc.v3.NoSuchThing"));
    }

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor message) => message.NestedTypes.SelectMany(WithNested).Append(message);

    private static IEnumerable<FileDescriptor> Closure(params IEnumerable<FileDescriptor> files) =>
        files.SelectMany(file => Closure(file.Dependencies).Append(file)).DistinctBy(file => file.Name);

    private static void ForgetJsonNames(IEnumerable<DescriptorProto> messages)
    {
        foreach (DescriptorProto message in messages)
        {
            foreach (FieldDescriptorProto field in message.Field)
            {
                field.ClearJsonName();
            }

            ForgetJsonNames(message.NestedType);
        }
    }
}
