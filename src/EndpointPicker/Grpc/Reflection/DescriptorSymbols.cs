using System.Text;

namespace EndpointPicker.Grpc.Reflection;

/// <summary>Collects the full names that one FileDescriptorProto defines; field numbers are those of google/protobuf/descriptor.proto.</summary>
internal sealed class DescriptorSymbols
{
    private const int Name = 1;

    private const int FilePackage = 2;
    private const int FileMessage = 4;
    private const int FileEnum = 5;
    private const int FileService = 6;
    private const int FileExtension = 7;

    private const int MessageField = 2;
    private const int MessageNested = 3;
    private const int MessageEnum = 4;
    private const int MessageExtension = 6;
    private const int MessageOneof = 8;

    private const int EnumValue = 2;
    private const int ServiceMethod = 2;

    public DescriptorSymbols(ReadOnlySpan<byte> file)
    {
        string package = NameAt(file, FilePackage);
        WireReader reader = new(file);
        while (reader.TryNext(out WireField field))
        {
            switch (field.Number)
            {
                case FileMessage:
                    AddMessage(package, field.Bytes);
                    break;
                case FileEnum:
                    AddEnum(package, field.Bytes);
                    break;
                case FileService:
                    AddMembers(Add(package, field.Bytes), field.Bytes, ServiceMethod);
                    break;
                case FileExtension:
                    Add(package, field.Bytes);
                    break;
            }
        }
    }

    public List<string> All { get; } = [];

    public List<string> Messages { get; } = [];

    private static string Join(string scope, string name) => scope.Length == 0 ? name : $"{scope}.{name}";

    private static string NameAt(ReadOnlySpan<byte> message, int number)
    {
        WireReader reader = new(message);
        while (reader.TryNext(out WireField field))
        {
            if (field.Is(number))
            {
                return Encoding.UTF8.GetString(field.Bytes);
            }
        }

        return "";
    }

    private string Add(string scope, ReadOnlySpan<byte> descriptor)
    {
        string name = Join(scope, NameAt(descriptor, Name));
        All.Add(name);
        return name;
    }

    private void AddMessage(string scope, ReadOnlySpan<byte> message)
    {
        string name = Add(scope, message);
        Messages.Add(name);
        WireReader reader = new(message);
        while (reader.TryNext(out WireField field))
        {
            switch (field.Number)
            {
                case MessageNested:
                    AddMessage(name, field.Bytes);
                    break;
                case MessageEnum:
                    AddEnum(name, field.Bytes);
                    break;
                case MessageField or MessageExtension or MessageOneof:
                    Add(name, field.Bytes);
                    break;
            }
        }
    }

    private void AddEnum(string scope, ReadOnlySpan<byte> descriptor)
    {
        Add(scope, descriptor);

        // As in C++, the values of an enum are its siblings, not its children.
        AddMembers(scope, descriptor, EnumValue);
    }

    private void AddMembers(string scope, ReadOnlySpan<byte> descriptor, int number)
    {
        WireReader reader = new(descriptor);
        while (reader.TryNext(out WireField field))
        {
            if (field.Is(number))
            {
                Add(scope, field.Bytes);
            }
        }
    }
}
