using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Configuration.Schemas;

/// <summary>A value that another schema reads later; <see langword="null"/> where absent.</summary>
/// <param name="name">The name.</param>
/// <param name="meaning">A sentence for the documentation.</param>
public sealed class RawField(string name, string meaning) : Field<ConfigNode?>(name, null, meaning)
{
    /// <summary>What the value should be, for the documentation and messages.</summary>
    public string Expected { get; init; } = "anything";

    /// <inheritdoc/>
    public override string Kind => Expected;

    internal override string Format(ConfigNode? value) => "";

    internal override bool TryRead(ConfigNode node, in SchemaReading reading, out ConfigNode? value)
    {
        value = node;
        return true;
    }
}
