namespace EndpointPicker.Configuration.Schemas;

/// <summary>The values of one object, each with its place; defaults where the text is silent.</summary>
public sealed class FieldValues
{
    private readonly Dictionary<Field, (object? Value, SourcePosition At)> _given;
    private readonly SourcePosition _position;

    internal FieldValues(Schema schema, SourcePosition position, Dictionary<Field, (object? Value, SourcePosition At)> given)
    {
        Schema = schema;
        _position = position;
        _given = given;
    }

    /// <summary>The fields that the object can have.</summary>
    public Schema Schema { get; }

    /// <summary>An object that says nothing.</summary>
    /// <param name="schema">The fields.</param>
    /// <param name="position">The place that findings name.</param>
    /// <returns>All defaults.</returns>
    public static FieldValues Defaults(Schema schema, SourcePosition position) => new(schema, position, []);

    /// <summary>The value, or the default.</summary>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="field">The field.</param>
    /// <returns>What the text says, or the field's default.</returns>
    public T Get<T>(Field<T> field) => _given.TryGetValue(field, out (object? Value, SourcePosition At) given) ? (T)given.Value! : field.Default;

    /// <summary>The value, where the text has one.</summary>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="field">The field.</param>
    /// <returns>The value or <see langword="null"/>.</returns>
    public T? Given<T>(Field<T> field)
        where T : struct => Has(field) ? Get(field) : null;

    /// <summary>Whether the text has a value that could be read.</summary>
    /// <param name="field">The field.</param>
    /// <returns>Whether it is given.</returns>
    public bool Has(Field field) => _given.ContainsKey(field);

    /// <summary>Where the field's value stands, or the object where it is absent.</summary>
    /// <param name="field">The field.</param>
    /// <returns>The place.</returns>
    public SourcePosition At(Field field) => _given.TryGetValue(field, out (object? Value, SourcePosition At) given) ? given.At : _position;

    /// <summary>Where the object stands.</summary>
    public SourcePosition Position => _position;

    internal void Write(YamlText text)
    {
        foreach (Field field in Schema.Fields)
        {
            bool isGiven = _given.TryGetValue(field, out (object? Value, SourcePosition At) given);
            object? value = isGiven ? given.Value : field.DefaultValue;
            if (value is not null && (isGiven || value is not "") && field.Ignored is null)
            {
                field.Write(value, text);
            }
        }
    }
}
