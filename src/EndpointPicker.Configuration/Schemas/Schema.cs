using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Configuration.Schemas;

/// <summary>The fields that an object can have. Whatever else stands in the text is an error that names the field that was meant.</summary>
/// <param name="fields">The fields, in the order of the documentation.</param>
public sealed class Schema(params Field[] fields)
{
    /// <summary>No fields at all.</summary>
    public static Schema Empty { get; } = new();

    /// <summary>The fields, in the order of the documentation.</summary>
    public IReadOnlyList<Field> Fields { get; } = fields;

    /// <summary>Reads an object.</summary>
    /// <param name="node">The value in the text; <see langword="null"/> or null for an object that says nothing.</param>
    /// <param name="reading">Where findings go.</param>
    /// <param name="owner">The place that findings name where there is no object.</param>
    /// <returns>The values that could be read; the report has the rest.</returns>
    public FieldValues Read(ConfigNode? node, in SchemaReading reading, SourcePosition owner)
    {
        Dictionary<Field, (object? Value, SourcePosition At)> given = [];
        SourcePosition position = node?.Position ?? owner;
        HashSet<Field> mentioned = [];
        if (node is MappingNode mapping)
        {
            foreach ((ScalarNode key, ConfigNode value) in mapping.Entries)
            {
                ReadEntry(key, value, reading, given, mentioned);
            }
        }
        else if (node is not (null or ScalarNode { IsNull: true }))
        {
            reading.Report.Error(node.Position, $"{Where(reading)} must be an object, not {node.Kind}", "write 'name: value' lines, indented below");
            return new FieldValues(this, position, given);
        }

        foreach (Field field in Fields)
        {
            if (field.Required && !mentioned.Contains(field))
            {
                reading.Report.Error(position, $"{Where(reading)} lacks '{field.Name}'", $"add '{field.Name}' ({field.Kind}): {field.Meaning}");
            }
        }

        return new FieldValues(this, position, given);
    }

    private void ReadEntry(
        ScalarNode key,
        ConfigNode value,
        in SchemaReading reading,
        Dictionary<Field, (object? Value, SourcePosition At)> given,
        HashSet<Field> mentioned)
    {
        if (Find(key, reading) is not { } field)
        {
            return;
        }

        if (!mentioned.Add(field))
        {
            reading.Report.Error(key.Position, $"'{key.Text}' gives '{field.Name}' a second time", "keep one of the two");
            return;
        }

        if (value is ScalarNode { IsNull: true })
        {
            if (field.Required)
            {
                reading.Report.Error(key.Position, $"'{field.Name}' is empty", $"give it a value ({field.Kind})");
            }

            return;
        }

        if (field.Ignored is { } why)
        {
            reading.Report.Warning(key.Position, $"'{field.Name}' has no effect", why);
        }

        if (field.TryRead(value, reading.Within(field.Name), out object? read))
        {
            given[field] = (read, value.Position);
        }
    }

    private Field? Find(ScalarNode key, in SchemaReading reading)
    {
        foreach (Field field in Fields)
        {
            if (field.Name == key.Text)
            {
                return field;
            }
        }

        StringComparison comparison = reading.AnyCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        foreach (Field field in Fields)
        {
            if (field.Name.Equals(key.Text, comparison))
            {
                reading.Report.Warning(key.Position, $"'{key.Text}' is taken for '{field.Name}'", $"write '{field.Name}'");
                return field;
            }

            foreach (string deprecated in field.DeprecatedNames)
            {
                if (deprecated.Equals(key.Text, comparison))
                {
                    reading.Report.Warning(key.Position, $"'{key.Text}' is deprecated", $"write '{field.Name}'");
                    return field;
                }
            }
        }

        string otherwise = Fields.Count == 0 ? "remove it: none is known here" : "known are: " + string.Join(", ", Fields.Select(field => field.Name));
        string unknown = $"unknown field '{key.Text}' in {Where(reading)}";
        string remedy = Suggestion.For(key.Text, Fields.Select(field => field.Name), otherwise);
        if (reading.ToleratesUnknown)
        {
            reading.Report.Warning(key.Position, unknown + " is ignored", remedy);
        }
        else
        {
            reading.Report.Error(key.Position, unknown, remedy);
        }

        return null;
    }

    private static string Where(in SchemaReading reading) => reading.Path.Length == 0 ? "the configuration" : reading.Path;
}
