namespace EndpointPicker.Configuration.Yaml;

/// <summary>A list.</summary>
/// <param name="Position">Where it begins.</param>
/// <param name="Items">Its items.</param>
public sealed record SequenceNode(SourcePosition Position, IReadOnlyList<ConfigNode> Items) : ConfigNode(Position)
{
    /// <inheritdoc/>
    public override string Kind => "a list";
}
