using System.Text.Json;

namespace EndpointPicker.Demo.Traffic;

/// <summary>An answer's count of tokens.</summary>
internal readonly record struct TokenUsage(int Prompt, int Cached, int Output)
{
    /// <summary>Reads the <c>usage</c> of an answer, or of the chunk that ends a stream.</summary>
    public static bool TryRead(string json, out TokenUsage usage)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        usage = default;
        if (!document.RootElement.TryGetProperty("usage", out JsonElement element) || element.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        int cached = element.TryGetProperty("prompt_tokens_details", out JsonElement details) && details.ValueKind == JsonValueKind.Object
            ? details.GetProperty("cached_tokens").GetInt32()
            : 0;
        usage = new TokenUsage(element.GetProperty("prompt_tokens").GetInt32(), cached, element.GetProperty("completion_tokens").GetInt32());
        return true;
    }
}
