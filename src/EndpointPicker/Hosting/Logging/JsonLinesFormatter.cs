using System.Buffers;
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
            foreach ((string key, object? value) in values)
            {
                if (key != "{OriginalFormat}")
                {
                    WriteValue(json, JsonNamingPolicy.CamelCase.ConvertName(key), value);
                }
            }
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

    private static void WriteValue(Utf8JsonWriter json, string key, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(key);
                break;
            case bool flag:
                json.WriteBoolean(key, flag);
                break;
            case int or long or uint or ulong or short or byte:
                json.WriteNumber(key, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(key, number);
                break;
            default:
                json.WriteString(key, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
