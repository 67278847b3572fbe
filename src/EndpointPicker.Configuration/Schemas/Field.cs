using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Configuration.Schemas;

/// <summary>One field of an object in the configuration, declared once: its name, kind, default and meaning.</summary>
/// <param name="name">The name.</param>
/// <param name="meaning">A sentence for the documentation.</param>
public abstract class Field(string name, string meaning)
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>A sentence for the documentation.</summary>
    public string Meaning { get; } = meaning;

    /// <summary>Older names, each accepted with a warning.</summary>
    public IReadOnlyList<string> DeprecatedNames { get; init; } = [];

    /// <summary>Whether the object is wrong without it.</summary>
    public bool Required { get; init; }

    /// <summary>Why the field has no effect; <see langword="null"/> where it has one.</summary>
    public string? Ignored { get; init; }

    /// <summary>The kind of value, for the documentation and messages.</summary>
    public abstract string Kind { get; }

    /// <summary>The default as the documentation shows it; empty where there is none.</summary>
    public abstract string DefaultText { get; }

    /// <summary>The fields of the object or of the list's items; <see langword="null"/> where the value is no object.</summary>
    public virtual Schema? Nested => null;

    internal abstract bool TryRead(ConfigNode node, in SchemaReading reading, out object? value);

    internal abstract object? DefaultValue { get; }

    internal abstract void Write(object value, YamlText text);
}
