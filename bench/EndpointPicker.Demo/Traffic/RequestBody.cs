using System.Text.Json;

namespace EndpointPicker.Demo.Traffic;

/// <summary>Bodies of completion requests.</summary>
internal static class RequestBody
{
    public const string ChatPath = "/v1/chat/completions";
    public const string CompletionsPath = "/v1/completions";

    public static byte[] Chat(string model, string? system, string user, int outputTokens, bool stream) => Write(model, outputTokens, stream, json =>
    {
        json.WriteStartArray("messages");
        if (system is not null)
        {
            WriteMessage(json, "system", system);
        }

        WriteMessage(json, "user", user);
        json.WriteEndArray();
    });

    public static byte[] Completion(string model, string prompt, int outputTokens) => Write(model, outputTokens, stream: true, json => json.WriteString("prompt", prompt));

    public static byte[] Completion(string model, IReadOnlyList<int> prompt, int outputTokens) => Write(model, outputTokens, stream: true, json =>
    {
        json.WriteStartArray("prompt");
        foreach (int token in prompt)
        {
            json.WriteNumberValue(token);
        }

        json.WriteEndArray();
    });

    private static void WriteMessage(Utf8JsonWriter json, string role, string content)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteString("content", content);
        json.WriteEndObject();
    }

    private static byte[] Write(string model, int outputTokens, bool stream, Action<Utf8JsonWriter> prompt)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            prompt(json);
            json.WriteNumber("max_tokens", outputTokens);
            json.WriteBoolean("stream", stream);
            if (stream)
            {
                json.WriteStartObject("stream_options");
                json.WriteBoolean("include_usage", true);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
