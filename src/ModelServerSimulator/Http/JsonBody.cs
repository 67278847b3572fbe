using System.Text.Json;

namespace ModelServerSimulator.Http;

/// <summary>Request bodies that must be a JSON object, with the faults that vLLM finds in them.</summary>
internal static class JsonBody
{
    /// <summary>The body, to be disposed, or what is wrong with it.</summary>
    public static async Task<(JsonDocument? Document, ApiError? Error)> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentType is not { } type || !type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return (null, ApiError.UnsupportedMediaType());
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        return Parse(body.ToArray());
    }

    public static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static double? Number(JsonElement body, string name) =>
        body.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    public static bool Flag(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    private static (JsonDocument? Document, ApiError? Error) Parse(byte[] utf8)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8);
        }
        catch (JsonException exception)
        {
            return (null, ApiError.BadJson(Offset(utf8, exception)));
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return (document, null);
        }

        document.Dispose();
        return (null, ApiError.WrongType("", "dictionary"));
    }

    private static long Offset(ReadOnlySpan<byte> utf8, JsonException exception)
    {
        long start = 0;
        for (long line = exception.LineNumber ?? 0; line > 0; line--)
        {
            start += utf8[(int)start..].IndexOf((byte)'\n') + 1;
        }

        return start + (exception.BytePositionInLine ?? 0);
    }
}
