using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Configuration.Schemas;

/// <summary>An object with fields of its own; <see langword="null"/> where absent.</summary>
/// <param name="name">The name.</param>
/// <param name="schema">Its fields.</param>
/// <param name="meaning">A sentence for the documentation.</param>
public sealed class ObjectField(string name, Schema schema, string meaning) : Field<FieldValues?>(name, null, meaning)
{
    /// <inheritdoc/>
    public override string Kind => "object";

    /// <inheritdoc/>
    public override Schema Nested => schema;

    internal override string Format(FieldValues? value) => "";

    internal override bool TryRead(ConfigNode node, in SchemaReading reading, out FieldValues? value)
    {
        value = schema.Read(node, reading, node.Position);
        return node is MappingNode;
    }

    internal override void Write(object value, YamlText text) => text.Object(Name, ((FieldValues)value).Write);
}
