using System.Text.Json;

namespace EndpointPicker.Board;

/// <summary>What all pages write alike.</summary>
internal static class Utf8JsonWriterExtensions
{
    /// <summary>Writes a number; null where it is absent, and where JSON has none for it: NaN and the infinities.</summary>
    public static void WriteNumberOrNull(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
