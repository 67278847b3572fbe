using System.Text;

namespace EndpointPicker.Grpc.Reflection;

/// <summary>The protos that this process speaks, indexed by file name and by every full name that they define.</summary>
internal sealed class DescriptorSet
{
    private const string ResourceName = "descriptors.pb";

    // FileDescriptorSet.file, and the fields of FileDescriptorProto that are read here.
    private const int SetFile = 1;
    private const int FileName = 1;
    private const int FileDependency = 3;

    private readonly Dictionary<string, DescriptorFile> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DescriptorFile> _bySymbol = new(StringComparer.Ordinal);
    private readonly HashSet<string> _messages = new(StringComparer.Ordinal);

    private DescriptorSet(ReadOnlyMemory<byte> set)
    {
        WireReader reader = new(set.Span);
        while (reader.TryNext(out WireField field))
        {
            if (field.Is(SetFile))
            {
                Add(field.Bytes.ToArray());
            }
        }

        if (reader.IsMalformed)
        {
            throw new InvalidDataException("The embedded descriptor set is not protobuf.");
        }
    }

    /// <summary>Reads the set that the build has embedded.</summary>
    public static DescriptorSet Load()
    {
        using Stream resource = typeof(DescriptorSet).Assembly.GetManifestResourceStream(ResourceName)!;
        byte[] bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return new DescriptorSet(bytes);
    }

    /// <summary>The file of that name, or null.</summary>
    public DescriptorFile? FindFile(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The file that defines a message, enum, value, field, service or method of that full name, or null.</summary>
    public DescriptorFile? FindSymbol(string symbol) => _bySymbol.GetValueOrDefault(symbol);

    /// <summary>Whether a message of that full name exists.</summary>
    public bool IsMessage(string name) => _messages.Contains(name);

    /// <summary>A file followed by all that it imports, directly or not, each once.</summary>
    public IReadOnlyList<DescriptorFile> WithImports(DescriptorFile file)
    {
        List<DescriptorFile> files = [file];
        for (int i = 0; i < files.Count; i++)
        {
            foreach (string dependency in files[i].Dependencies)
            {
                DescriptorFile imported = _byName[dependency];
                if (!files.Contains(imported))
                {
                    files.Add(imported);
                }
            }
        }

        return files;
    }

    private void Add(byte[] bytes)
    {
        string name = "";
        List<string> dependencies = [];
        WireReader reader = new(bytes);
        while (reader.TryNext(out WireField field))
        {
            if (field.Is(FileName))
            {
                name = Encoding.UTF8.GetString(field.Bytes);
            }
            else if (field.Is(FileDependency))
            {
                dependencies.Add(Encoding.UTF8.GetString(field.Bytes));
            }
        }

        DescriptorFile file = new(name, bytes, dependencies);
        _byName.Add(name, file);
        DescriptorSymbols symbols = new(bytes);
        _messages.UnionWith(symbols.Messages);
        foreach (string symbol in symbols.All)
        {
            _bySymbol.TryAdd(symbol, file);
        }
    }
}
