using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Cluster.Api;

/// <summary>An object of a kubeconfig file, with readers whose complaints say where. Values are never quoted: they may be secrets.</summary>
/// <param name="name">What it is, for messages.</param>
/// <param name="file">The file it stands in.</param>
/// <param name="body">Its fields.</param>
internal sealed class KubeConfigEntry(string name, string file, MappingNode body)
{
    /// <summary>What it is, for messages.</summary>
    public string Name => name;

    /// <summary>Whether a field is given.</summary>
    public bool Has(string field) => Node(field) is not null;

    /// <summary>A text; <see langword="null"/> where absent or empty.</summary>
    public string? Text(string field) => Node(field) switch
    {
        null => null,
        ScalarNode scalar => scalar.Text.Length > 0 ? scalar.Text : null,
        { } other => throw Wrong(field, other, "must be a text"),
    };

    /// <summary>A text that must be there.</summary>
    public string Require(string field) => Text(field) ?? throw new ClusterAccessException($"{name} in {file} has no {field}; add it");

    /// <summary>A switch; off where absent.</summary>
    public bool Flag(string field) => Node(field) switch
    {
        null => false,
        ScalarNode { Quoted: false, Text: "true" or "True" or "TRUE" } => true,
        ScalarNode { Quoted: false, Text: "false" or "False" or "FALSE" } => false,
        { } other => throw Wrong(field, other, "must be true or false"),
    };

    /// <summary>The path of a file; <see langword="null"/> where absent.</summary>
    public string? FilePath(string field) =>
        Text(field) is { } path ? Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(file))!) : null;

    /// <summary>PEM text, in base64 in the field with <c>-data</c>, which goes first, or in the file that the field names.</summary>
    public PemSource? Pem(string field)
    {
        string data = field + "-data";
        if (Text(data) is not { } encoded)
        {
            return FilePath(field) is { } path ? PemSource.In(path) : null;
        }

        byte[] pem = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, pem, out int length)
            ? PemSource.Of(pem[..length], $"{data} of {name} in {file}")
            : throw Wrong(data, Node(data)!, "must be base64");
    }

    /// <summary>Takes the named entries of one of the file's lists; a name that is there already stays.</summary>
    /// <param name="list">The list's field.</param>
    /// <param name="kind">The field of an item with the entry itself.</param>
    /// <param name="into">Takes them.</param>
    public void Collect(string list, string kind, Dictionary<string, KubeConfigEntry> into)
    {
        if (Node(list) is not { } node)
        {
            return;
        }

        foreach (ConfigNode item in node is SequenceNode items ? items.Items : throw Wrong(list, node, "must be a list"))
        {
            KubeConfigEntry entry = new($"an item of {list}", file, item as MappingNode ?? throw Wrong(list, item, "must be a list of objects"));
            string called = entry.Require("name");
            MappingNode own = entry.Node(kind) switch
            {
                null => new MappingNode(item.Position, []),
                MappingNode mapping => mapping,
                { } other => throw Wrong(kind, other, "must be an object"),
            };
            into.TryAdd(called, new KubeConfigEntry($"{kind} '{called}'", file, own));
        }
    }

    /// <summary>A complaint about a field.</summary>
    public ClusterAccessException Wrong(string field, string complaint) => Wrong(field, Node(field) ?? body, complaint);

    private ClusterAccessException Wrong(string field, ConfigNode at, string complaint) =>
        new($"{field} of {name} {complaint} ({file}, line {at.Position.Line}, column {at.Position.Column})");

    private ConfigNode? Node(string field)
    {
        foreach ((ScalarNode key, ConfigNode value) in body.Entries)
        {
            if (key.Text == field)
            {
                return value is ScalarNode { IsNull: true } ? null : value;
            }
        }

        return null;
    }
}
