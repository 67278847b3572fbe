using System.Text.Json;

namespace EndpointPicker.Cluster.Api;

/// <summary>
/// Asks the API server whether it serves a kind. Rights are judged before existence: what is forbidden may be a kind whose CRD is not installed
/// and that no Role mentions, which is no missing right.
/// </summary>
internal static class ServedKinds
{
    /// <summary>Asks.</summary>
    /// <returns>Whether it serves the kind; yes where it refuses to say, and <see langword="null"/> where it cannot say now.</returns>
    /// <exception cref="ApiUnreachableException">There is no answer.</exception>
    public static async ValueTask<bool?> AskAsync(ApiClient client, ResourceKind kind, CancellationToken cancellationToken)
    {
        if (kind.Group.Length == 0)
        {
            return true;
        }

        ApiAnswer answer = await client.SendAsync(HttpMethod.Get, $"/apis/{kind.Group}/{kind.Version}", ReadOnlyMemory<byte>.Empty, cancellationToken);
        return answer.Status switch
        {
            StatusCodes.Status404NotFound => false,
            StatusCodes.Status429TooManyRequests or >= StatusCodes.Status500InternalServerError => null,
            _ => !answer.IsSuccess || Lists(answer.Body, kind.Plural),
        };
    }

    /// <summary>Whether an API server's list of a version's kinds names one; a page that is no such list may name any.</summary>
    internal static bool Lists(ReadOnlySpan<byte> page, string plural)
    {
        try
        {
            Utf8JsonReader json = new(page);
            json.Read();
            while (json.NextField())
            {
                if (!json.ValueTextEquals("resources"u8))
                {
                    json.SkipValue();
                }
                else if (json.EnterArray())
                {
                    return Names(ref json, plural);
                }
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return true;
        }
    }

    private static bool Names(ref Utf8JsonReader json, string plural)
    {
        while (json.NextObject())
        {
            while (json.NextField())
            {
                if (!json.ValueTextEquals("name"u8))
                {
                    json.SkipValue();
                }
                else if (json.TakeText() == plural)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
