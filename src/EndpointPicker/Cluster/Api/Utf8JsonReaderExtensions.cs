using System.Text.Json;

namespace EndpointPicker.Cluster.Api;

/// <summary>
/// Steps through an object that is in memory as a whole. What has another type than the one asked for is skipped, as if it were not there.
/// </summary>
internal static class Utf8JsonReaderExtensions
{
    /// <summary>Goes to the next field of the object that the reader is in.</summary>
    /// <returns>Whether there is one; else the object has ended.</returns>
    public static bool NextField(this ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    /// <summary>Goes to the next object of the array that the reader is in.</summary>
    /// <returns>Whether there is one; else the array has ended.</returns>
    public static bool NextObject(this ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartObject)
            {
                return true;
            }

            json.Skip();
        }

        return false;
    }

    /// <summary>Enters the object that is the field's value.</summary>
    /// <returns>Whether the value is one.</returns>
    public static bool EnterObject(this ref Utf8JsonReader json) => json.Enter(JsonTokenType.StartObject);

    /// <summary>Enters the array that is the field's value.</summary>
    /// <returns>Whether the value is one.</returns>
    public static bool EnterArray(this ref Utf8JsonReader json) => json.Enter(JsonTokenType.StartArray);

    /// <summary>Takes the field's text.</summary>
    /// <returns>The text; <see langword="null"/> where the value is none.</returns>
    public static string? TakeText(this ref Utf8JsonReader json) => json.Enter(JsonTokenType.String) ? json.GetString() : null;

    /// <summary>Takes the field's whole number.</summary>
    /// <returns>The number; <see langword="null"/> where the value is none, or none of 32 bits.</returns>
    public static int? TakeInteger(this ref Utf8JsonReader json) => json.Enter(JsonTokenType.Number) && json.TryGetInt32(out int number) ? number : null;

    /// <summary>Takes the fields of an object that are texts.</summary>
    /// <returns>Texts by name.</returns>
    public static Dictionary<string, string> TakeTexts(this ref Utf8JsonReader json)
    {
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        if (json.EnterObject())
        {
            while (json.NextField())
            {
                string name = json.GetString()!;
                if (json.TakeText() is { } text)
                {
                    texts[name] = text;
                }
            }
        }

        return texts;
    }

    /// <summary>Goes past the field's value.</summary>
    public static void SkipValue(this ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    private static bool Enter(this ref Utf8JsonReader json, JsonTokenType wanted)
    {
        json.Read();
        if (json.TokenType == wanted)
        {
            return true;
        }

        json.Skip();
        return false;
    }
}
