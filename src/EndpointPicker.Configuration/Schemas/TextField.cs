using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Configuration.Schemas;

/// <summary>A text.</summary>
/// <param name="name">The name.</param>
/// <param name="fallback">The value where the field is absent.</param>
/// <param name="meaning">A sentence for the documentation.</param>
public sealed class TextField(string name, string fallback, string meaning) : Field<string>(name, fallback, meaning)
{
    /// <summary>The values that are allowed; empty where any is.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <inheritdoc/>
    public override string Kind => Allowed.Count == 0 ? "text" : "one of " + string.Join(", ", Allowed);

    internal override string Format(string value) => YamlText.Quote(value);

    internal override bool TryRead(ConfigNode node, in SchemaReading reading, out string value)
    {
        value = Default;
        if (node is not ScalarNode scalar)
        {
            reading.Report.Error(node.Position, $"{reading.Path} must be a text, not {node.Kind}", "write one value");
            return false;
        }

        if (Required && scalar.Text.Length == 0)
        {
            reading.Report.Error(node.Position, $"{reading.Path} is empty", "give it a value");
            return false;
        }

        if (Allowed.Count > 0 && !Allowed.Contains(scalar.Text))
        {
            reading.Report.Error(
                node.Position,
                $"{reading.Path} cannot be '{scalar.Text}'",
                Suggestion.For(scalar.Text, Allowed, "use one of " + string.Join(", ", Allowed)));
            return false;
        }

        value = scalar.Text;
        return true;
    }
}
