using System.Text.Json;
using System.Text.RegularExpressions;

namespace FunctionalTests.Observability;

/// <summary>The part of JSON Schema that the schema of log lines uses; a keyword beyond it is an error, so that nothing passes unchecked.</summary>
internal sealed class JsonSchema(JsonElement schema)
{
    private static readonly string[] Annotations = ["$schema", "$id", "title", "description"];

    /// <summary>What is wrong with a value, by its place.</summary>
    public IEnumerable<string> Faults(JsonElement value) => Faults(schema, value, "$");

    private static IEnumerable<string> Faults(JsonElement schema, JsonElement value, string at) =>
        schema.EnumerateObject().Where(keyword => !Annotations.Contains(keyword.Name)).SelectMany(keyword => keyword.Name switch
        {
            "type" => Fault(Types(keyword.Value).Any(type => Is(value, type)), $"{at} is {value.ValueKind}, not {keyword.Value}"),
            "enum" => Fault(keyword.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)), $"{at} is none of {keyword.Value}"),
            "pattern" => Fault(value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!), $"{at} does not match {keyword.Value}"),
            "required" or "properties" when value.ValueKind != JsonValueKind.Object => [],
            "required" => keyword.Value.EnumerateArray().SelectMany(name => Fault(value.TryGetProperty(name.GetString()!, out _), $"{at} has no {name}")),
            "properties" => keyword.Value.EnumerateObject().Where(property => value.TryGetProperty(property.Name, out _))
                .SelectMany(property => Faults(property.Value, value.GetProperty(property.Name), $"{at}.{property.Name}")),
            "additionalProperties" => Fault(keyword.Value.ValueKind == JsonValueKind.True, "additionalProperties other than true are not checked"),
            _ => [$"the keyword {keyword.Name} is not checked"],
        });

    private static IEnumerable<string> Fault(bool holds, string fault) => holds ? [] : [fault];

    private static IEnumerable<string> Types(JsonElement type) => type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!) : [type.GetString()!];

    private static bool Is(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => throw new FormatException($"no type is called {type}"),
    };
}
