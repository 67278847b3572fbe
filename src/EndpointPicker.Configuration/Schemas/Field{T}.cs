using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Configuration.Schemas;

/// <summary>A field whose value is a <typeparamref name="T"/>.</summary>
/// <typeparam name="T">The value.</typeparam>
/// <param name="name">The name.</param>
/// <param name="fallback">The value where the field is absent.</param>
/// <param name="meaning">A sentence for the documentation.</param>
public abstract class Field<T>(string name, T fallback, string meaning) : Field(name, meaning)
{
    /// <summary>The value where the field is absent.</summary>
    public T Default { get; } = fallback;

    /// <inheritdoc/>
    public override string DefaultText => Default is null ? "" : Format(Default);

    internal override object? DefaultValue => Default;

    internal abstract string Format(T value);

    internal abstract bool TryRead(ConfigNode node, in SchemaReading reading, out T value);

    internal override bool TryRead(ConfigNode node, in SchemaReading reading, out object? value)
    {
        bool read = TryRead(node, reading, out T typed);
        value = typed;
        return read;
    }

    internal override void Write(object value, YamlText text) => text.Scalar(Name, Format((T)value));
}
