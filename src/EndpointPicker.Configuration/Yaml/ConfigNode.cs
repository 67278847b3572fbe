namespace EndpointPicker.Configuration.Yaml;

/// <summary>A value of a YAML or JSON text, with its place.</summary>
/// <param name="Position">Where the value begins.</param>
public abstract record ConfigNode(SourcePosition Position)
{
    /// <summary>What the value is, for messages.</summary>
    public abstract string Kind { get; }
}
