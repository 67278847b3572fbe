namespace EndpointPicker.Configuration.Yaml;

/// <summary>A text, number, switch or null.</summary>
/// <param name="Position">Where it begins.</param>
/// <param name="Text">Its text, unescaped.</param>
/// <param name="Quoted">Whether it was written in quotes or as a block, so that it can only be text.</param>
public sealed record ScalarNode(SourcePosition Position, string Text, bool Quoted) : ConfigNode(Position)
{
    /// <summary>Whether it is null: absent.</summary>
    public bool IsNull => !Quoted && Text is ("" or "~" or "null" or "Null" or "NULL");

    /// <inheritdoc/>
    public override string Kind => IsNull ? "nothing" : Quoted ? $"the text '{Text}'" : $"'{Text}'";
}
