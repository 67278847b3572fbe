using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Configuration.Schemas;

/// <summary>A list of objects.</summary>
/// <param name="name">The name.</param>
/// <param name="schema">The fields of an item.</param>
/// <param name="meaning">A sentence for the documentation.</param>
public sealed class ObjectListField(string name, Schema schema, string meaning) : Field<IReadOnlyList<FieldValues>>(name, [], meaning)
{
    /// <inheritdoc/>
    public override string Kind => "list of objects";

    /// <inheritdoc/>
    public override string DefaultText => "";

    /// <inheritdoc/>
    public override Schema Nested => schema;

    internal override string Format(IReadOnlyList<FieldValues> value) => "";

    internal override bool TryRead(ConfigNode node, in SchemaReading reading, out IReadOnlyList<FieldValues> value)
    {
        value = [];
        if (node is not SequenceNode list)
        {
            reading.Report.Error(node.Position, $"{reading.Path} must be a list, not {node.Kind}", "write '- ' before each item");
            return false;
        }

        List<FieldValues> items = [];
        for (int i = 0; i < list.Items.Count; i++)
        {
            items.Add(schema.Read(list.Items[i], reading.Within($"[{i}]"), list.Items[i].Position));
        }

        value = items;
        return true;
    }

    internal override void Write(object value, YamlText text)
    {
        IReadOnlyList<FieldValues> items = (IReadOnlyList<FieldValues>)value;
        if (items.Count > 0)
        {
            text.List(Name, items, static (item, inner) => item.Write(inner));
        }
    }
}
