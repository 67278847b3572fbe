using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Configuration.Schemas;

/// <summary>A list of texts.</summary>
/// <param name="name">The name.</param>
/// <param name="meaning">A sentence for the documentation.</param>
public sealed class TextListField(string name, string meaning) : Field<IReadOnlyList<ScalarNode>>(name, [], meaning)
{
    /// <inheritdoc/>
    public override string Kind => "list of texts";

    /// <inheritdoc/>
    public override string DefaultText => "";

    internal override string Format(IReadOnlyList<ScalarNode> value) => "[" + string.Join(", ", value.Select(item => YamlText.Quote(item.Text))) + "]";

    internal override bool TryRead(ConfigNode node, in SchemaReading reading, out IReadOnlyList<ScalarNode> value)
    {
        value = [];
        if (node is not SequenceNode list)
        {
            reading.Report.Error(node.Position, $"{reading.Path} must be a list, not {node.Kind}", "write '- ' before each item");
            return false;
        }

        List<ScalarNode> items = [];
        foreach (ConfigNode item in list.Items)
        {
            if (item is ScalarNode { IsNull: false } scalar)
            {
                items.Add(scalar);
            }
            else
            {
                reading.Report.Error(item.Position, $"an item of {reading.Path} must be a text, not {item.Kind}", "write one value in each line");
            }
        }

        value = items;
        return items.Count == list.Items.Count;
    }

    internal override void Write(object value, YamlText text)
    {
        if (((IReadOnlyList<ScalarNode>)value).Count > 0)
        {
            base.Write(value, text);
        }
    }
}
