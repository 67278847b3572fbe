using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace EndpointPicker.Hosting.Logging;

/// <summary>Writes a log entry as one line of JSON with the reference's keys and level names.</summary>
internal static class JsonLinesFormatter
{
    private static readonly JsonWriterOptions Options = new()
    {
        // Log lines are read by people and collectors, not put into HTML.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write<TState>(
        IBufferWriter<byte> output, DateTimeOffset time, string category, LogLevel level, EventId id, TState state, string message, Exception? exception)
    {
        using Utf8JsonWriter json = new(output, Options);
        json.WriteStartObject();
        json.WriteString("level", Name(level));
        json.WriteString("ts", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("logger", category);
        if (id.Name is { Length: > 0 } name)
        {
            json.WriteString("event", name);
        }

        json.WriteString("msg", message);
        if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            WriteState(json, values, exception is not null);
        }

        if (exception is not null)
        {
            json.WriteString("error", exception.Message);
            json.WriteString("stacktrace", exception.ToString());
        }

        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }

    // V1 to V3 are info, V4 debug, V5 and more trace.
    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Critical => "panic",
        _ => "error",
    };

    private static void WriteState(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> values, bool hasException)
    {
        for (int i = 0; i < values.Count; i++)
        {
            string key = KeyOf(values[i].Key);
            if (key != "{OriginalFormat}")
            {
                json.WritePropertyName(IsTaken(key, values, i, hasException) ? $"{key}_" : key);
                WriteValue(json, values[i].Value);
            }
        }
    }

    // A message whose parameters stand in another order than in its text has their names, and so the @ of one that is a keyword.
    private static string KeyOf(string name) => JsonNamingPolicy.CamelCase.ConvertName(name.TrimStart('@'));

    // Of a key that stands twice, most readers keep one value and lose the other.
    private static bool IsTaken(string key, IReadOnlyList<KeyValuePair<string, object?>> values, int index, bool hasException)
    {
        for (int i = 0; i < index; i++)
        {
            if (KeyOf(values[i].Key) == key)
            {
                return true;
            }
        }

        return key is "level" or "ts" or "logger" or "event" or "msg" || (hasException && key is ("error" or "stacktrace"));
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int or long or uint or ulong or short or byte:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case IReadOnlyDictionary<string, object?> nested:
                json.WriteStartObject();
                foreach ((string key, object? inner) in nested)
                {
                    json.WritePropertyName(key);
                    WriteValue(json, inner);
                }

                json.WriteEndObject();
                break;
            case Array list:
                json.WriteStartArray();
                foreach (object? inner in (IEnumerable)list)
                {
                    WriteValue(json, inner);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
