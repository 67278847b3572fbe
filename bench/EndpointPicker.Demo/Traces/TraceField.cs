using System.Text.Json;

namespace EndpointPicker.Demo.Traces;

/// <summary>Fields of a JSON line, with what is wrong when one is not as it should be.</summary>
internal static class TraceField
{
    // More tokens than any model takes; keeps sums and memory in bounds.
    private const int MostTokens = 10_000_000;

    public static bool HasFields(string line, params string[] names)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object && names.All(name => document.RootElement.TryGetProperty(name, out _));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static long Time(JsonElement row, string name) =>
        Get(row, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long time) && time >= 0
            ? time
            : throw new FormatException($"{name} is not a time (a whole number)");

    public static int Tokens(JsonElement row, string name) => WholeNumber(Get(row, name), name);

    /// <summary>A value itself, named for the case that it is none.</summary>
    public static int WholeNumber(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number is >= 0 and <= MostTokens
            ? number
            : throw new FormatException($"{name} is not a number from 0 to {MostTokens}");

    public static string Text(JsonElement row, string name) =>
        Get(row, name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : throw new FormatException($"{name} is not text");

    public static IEnumerable<JsonElement> List(JsonElement row, string name) =>
        Get(row, name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : throw new FormatException($"{name} is not a list");

    public static long[] Identifiers(JsonElement row, string name) =>
    [
        .. List(row, name).Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out long id)
            ? id
            : throw new FormatException($"{name} is not a list of whole numbers")),
    ];

    private static JsonElement Get(JsonElement row, string name) => row.TryGetProperty(name, out JsonElement value) ? value : throw new FormatException($"there is no {name}");
}
