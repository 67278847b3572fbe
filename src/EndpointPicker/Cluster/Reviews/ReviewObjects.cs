using System.Buffers;
using System.Text;
using System.Text.Json;

namespace EndpointPicker.Cluster.Reviews;

/// <summary>The JSON of TokenReview and SubjectAccessReview.</summary>
internal static class ReviewObjects
{
    private static readonly string[] UserFields = ["uid", "groups", "extra"];

    /// <summary>Asks whose a token is, for any audience.</summary>
    public static ReadOnlyMemory<byte> AskForToken(string token) => Write("authentication.k8s.io/v1", "TokenReview", json => json.WriteString("token", token));

    /// <summary>Asks whether a user may have a path that is no resource.</summary>
    public static ReadOnlyMemory<byte> AskForAccess(TokenIdentity identity, string verb, string path) => Write("authorization.k8s.io/v1", "SubjectAccessReview", json =>
    {
        using JsonDocument user = JsonDocument.Parse(identity.User);
        json.WriteString("user", identity.Name);
        foreach (string field in UserFields)
        {
            if (user.RootElement.TryGetProperty(field, out JsonElement value))
            {
                json.WritePropertyName(field);
                value.WriteTo(json);
            }
        }

        json.WriteStartObject("nonResourceAttributes");
        json.WriteString("path", path);
        json.WriteString("verb", verb);
        json.WriteEndObject();
    });

    /// <summary>Reads a TokenReview.</summary>
    /// <returns>Whose the token is; <see langword="null"/> where this is no review.</returns>
    public static TokenIdentity? ReadToken(byte[] review) => Read(review, status =>
    {
        if (!IsTrue(status, "authenticated") || !status.TryGetProperty("user", out JsonElement user))
        {
            return new TokenIdentity(false, "", default);
        }

        string name = user.TryGetProperty("username", out JsonElement known) ? known.GetString() ?? "" : "";
        return new TokenIdentity(true, name, Encoding.UTF8.GetBytes(user.GetRawText()));
    });

    /// <summary>Reads a SubjectAccessReview.</summary>
    /// <returns>Whether access is granted; <see langword="null"/> where this is no review.</returns>
    public static AccessPermission? ReadAccess(byte[] review) => Read(review, status => new AccessPermission(IsTrue(status, "allowed") && !IsTrue(status, "denied")));

    private static bool IsTrue(JsonElement status, string field) => status.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    private static T? Read<T>(byte[] review, Func<JsonElement, T> read)
        where T : class
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(review);
            return document.RootElement.TryGetProperty("status", out JsonElement status) ? read(status) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or fields of other types.
            return null;
        }
    }

    private static ReadOnlyMemory<byte> Write(string version, string kind, Action<Utf8JsonWriter> spec)
    {
        ArrayBufferWriter<byte> bytes = new();
        using Utf8JsonWriter json = new(bytes);
        json.WriteStartObject();
        json.WriteString("apiVersion", version);
        json.WriteString("kind", kind);
        json.WriteStartObject("spec");
        spec(json);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }
}
