using System.Text.Json;

namespace EndpointPicker.Cluster.Api;

/// <summary>A <c>Status</c>: how the API server says what went wrong.</summary>
/// <param name="Code">The HTTP status that fits; 0 where it says none.</param>
/// <param name="Reason">The reason, a word; empty where it says none.</param>
/// <param name="Message">The message; empty where it says none.</param>
/// <param name="RetryAfter">How long to wait before the next attempt.</param>
/// <param name="VersionTooLarge">Whether the server has not reached the resource version that was asked for.</param>
internal readonly record struct StatusObject(int Code, string Reason, string Message, TimeSpan? RetryAfter, bool VersionTooLarge)
{
    // Servers before 1.19 do not give the cause.
    private const string TooLargeMessage = "Too large resource version";

    /// <summary>Reads it.</summary>
    /// <param name="json">A copy of the reader, on the object's first token.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static StatusObject Read(Utf8JsonReader json)
    {
        int code = 0;
        string reason = "";
        string message = "";
        TimeSpan? retryAfter = null;
        bool tooLarge = false;
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
                (retryAfter, tooLarge) = Details(ref json);
            }
            else
            {
                json.SkipValue();
            }
        }

        return new StatusObject(code, reason, message, retryAfter, tooLarge || message.Contains(TooLargeMessage, StringComparison.Ordinal));
    }

    private static (TimeSpan? RetryAfter, bool VersionTooLarge) Details(ref Utf8JsonReader json)
    {
        int seconds = 0;
        bool tooLarge = false;
        if (!json.EnterObject())
        {
            return (null, false);
        }

        while (json.NextField())
        {
            if (json.ValueTextEquals("retryAfterSeconds"u8))
            {
                seconds = json.TakeInteger() ?? 0;
            }
            else if (json.ValueTextEquals("causes"u8))
            {
                tooLarge = IsTooLarge(ref json);
            }
            else
            {
                json.SkipValue();
            }
        }

        return (seconds > 0 ? TimeSpan.FromSeconds(seconds) : null, tooLarge);
    }

    private static bool IsTooLarge(ref Utf8JsonReader json)
    {
        bool found = false;
        if (json.EnterArray())
        {
            while (json.NextObject())
            {
                while (json.NextField())
                {
                    if (json.ValueTextEquals("reason"u8))
                    {
                        found |= json.TakeText() == "ResourceVersionTooLarge";
                    }
                    else
                    {
                        json.SkipValue();
                    }
                }
            }
        }

        return found;
    }
}
