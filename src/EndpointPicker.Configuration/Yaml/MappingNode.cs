namespace EndpointPicker.Configuration.Yaml;

/// <summary>An object.</summary>
/// <param name="Position">Where it begins.</param>
/// <param name="Entries">Its entries in the order of the text; no key twice.</param>
public sealed record MappingNode(SourcePosition Position, IReadOnlyList<KeyValuePair<ScalarNode, ConfigNode>> Entries) : ConfigNode(Position)
{
    /// <inheritdoc/>
    public override string Kind => "an object";
}
