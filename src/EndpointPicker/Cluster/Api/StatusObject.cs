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
        while (json.NextField())
        {
            if (json.ValueTextEquals("code"u8))
            {
                code = json.TakeInteger() ?? 0;
            }
            else if (json.ValueTextEquals("reason"u8))
            {
                reason = json.TakeText() ?? "";
            }
            else if (json.ValueTextEquals("message"u8))
            {
                message = json.TakeText() ?? "";
            }
            else if (json.ValueTextEquals("details"u8))
            {
                retryAfter = Details(ref json);
            }
            else
            {
                json.SkipValue();
            }
        }

        return new StatusObject(code, reason, message, retryAfter);
    }

    private static TimeSpan? Details(ref Utf8JsonReader json)
    {
        int seconds = 0;
        if (!json.EnterObject())
        {
            return null;
        }

        while (json.NextField())
        {
            if (json.ValueTextEquals("retryAfterSeconds"u8))
            {
                seconds = json.TakeInteger() ?? 0;
            }
            else
            {
                json.SkipValue();
            }
        }

        return seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
    }
}
