using System.Text.Json;

namespace EndpointPicker.Cluster.Api;

/// <summary>A <c>Status</c>: how the API server says what went wrong.</summary>
/// <param name="Code">The HTTP status that fits; 0 where it says none.</param>
/// <param name="Reason">The reason, a word; empty where it says none.</param>
/// <param name="Message">The message; empty where it says none.</param>
/// <param name="RetryAfter">How long to wait before the next attempt.</param>
internal readonly record struct StatusObject(int Code, string Reason, string Message, TimeSpan? RetryAfter)
{
    /// <summary>Reads it.</summary>
    /// <param name="json">A copy of the reader, on the object's first token.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static StatusObject Read(Utf8JsonReader json)
    {
        int code = 0;
        string reason = "";
        string message = "";
        TimeSpan? retryAfter = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("code"u8))
            {
                code = Number(ref json);
            }
            else if (json.ValueTextEquals("reason"u8))
            {
                reason = Text(ref json);
            }
            else if (json.ValueTextEquals("message"u8))
            {
                message = Text(ref json);
            }
            else if (json.ValueTextEquals("details"u8))
            {
                retryAfter = Details(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return new StatusObject(code, reason, message, retryAfter);
    }

    private static TimeSpan? Details(ref Utf8JsonReader json)
    {
        int seconds = 0;
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return null;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("retryAfterSeconds"u8))
            {
                seconds = Number(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static int Number(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt32(out int number))
        {
            return number;
        }

        json.Skip();
        return 0;
    }

    private static string Text(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String)
        {
            return json.GetString()!;
        }

        json.Skip();
        return "";
    }
}
