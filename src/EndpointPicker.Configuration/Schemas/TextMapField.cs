using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Configuration.Schemas;

/// <summary>An object with any names, all values texts.</summary>
/// <param name="name">The name.</param>
/// <param name="meaning">A sentence for the documentation.</param>
public sealed class TextMapField(string name, string meaning) : Field<IReadOnlyDictionary<string, string>>(name, Empty, meaning)
{
    private static readonly Dictionary<string, string> Empty = [];

    /// <inheritdoc/>
    public override string Kind => "object of texts";

    /// <inheritdoc/>
    public override string DefaultText => "";

    internal override string Format(IReadOnlyDictionary<string, string> value) =>
        "{" + string.Join(", ", value.Select(entry => $"{YamlText.Quote(entry.Key)}: {YamlText.Quote(entry.Value)}")) + "}";

    internal override bool TryRead(ConfigNode node, in SchemaReading reading, out IReadOnlyDictionary<string, string> value)
    {
        value = Empty;
        if (node is not MappingNode mapping)
        {
            reading.Report.Error(node.Position, $"{reading.Path} must be an object, not {node.Kind}", "write 'name: value' lines, indented below");
            return false;
        }

        Dictionary<string, string> entries = new(StringComparer.Ordinal);
        foreach ((ScalarNode key, ConfigNode entry) in mapping.Entries)
        {
            if (entry is ScalarNode scalar)
            {
                entries[key.Text] = scalar.IsNull ? "" : scalar.Text;
            }
            else
            {
                reading.Report.Error(entry.Position, $"'{key.Text}' in {reading.Path} must be a text, not {entry.Kind}", "write one value");
            }
        }

        value = entries;
        return entries.Count == mapping.Entries.Count;
    }

    internal override void Write(object value, YamlText text)
    {
        if (((IReadOnlyDictionary<string, string>)value).Count > 0)
        {
            base.Write(value, text);
        }
    }
}
