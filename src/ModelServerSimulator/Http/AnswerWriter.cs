using System.Text.Json;
using ModelServerSimulator.Engine;

namespace ModelServerSimulator.Http;

/// <summary>The JSON of one answer, whole or in stream chunks, with the fields and their order as vLLM has them.</summary>
internal sealed class AnswerWriter(bool isChat, string model, string id, long created)
{
    private const string Fingerprint = "vllm-0.32.0-sim";

    public void Whole(Utf8JsonWriter json, IReadOnlyList<string> texts, IReadOnlyList<FinishReason> reasons, Usage usage)
    {
        Begin(json, isChat ? "chat.completion" : "text_completion");
        for (int i = 0; i < texts.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("index", i);
            if (isChat)
            {
                json.WriteStartObject("message");
                json.WriteString("role", "assistant");
                json.WriteString("content", texts[i]);
                json.WriteNull("refusal");
                json.WriteEndObject();
            }
            else
            {
                json.WriteString("text", texts[i]);
            }

            json.WriteNull("logprobs");
            json.WriteString("finish_reason", Name(reasons[i]));
            json.WriteNull("stop_reason");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNull("service_tier");
        json.WriteString("system_fingerprint", Fingerprint);
        usage.Write(json);
        json.WriteEndObject();
    }

    /// <summary>A chat stream's first chunk of a choice: the role and no text.</summary>
    public void Role(Utf8JsonWriter json, int index)
    {
        Begin(json, "chat.completion.chunk");
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteStartObject("delta");
        json.WriteString("role", "assistant");
        json.WriteString("content", "");
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteNull("finish_reason");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void Chunk(Utf8JsonWriter json, in GeneratedToken token)
    {
        Begin(json, isChat ? "chat.completion.chunk" : "text_completion");
        json.WriteStartObject();
        json.WriteNumber("index", token.Sequence);
        if (isChat)
        {
            json.WriteStartObject("delta");
            json.WriteString("content", token.Text);
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("text", token.Text);
        }

        json.WriteNull("logprobs");
        json.WriteString("finish_reason", Name(token.Finish));
        json.WriteNull("stop_reason");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The chunk with usage and without choices that ends a stream which asked for it.</summary>
    public void UsageChunk(Utf8JsonWriter json, Usage usage)
    {
        Begin(json, isChat ? "chat.completion.chunk" : "text_completion");
        json.WriteEndArray();
        usage.Write(json);
        json.WriteString("system_fingerprint", Fingerprint);
        json.WriteEndObject();
    }

    private void Begin(Utf8JsonWriter json, string kind)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("object", kind);
        json.WriteNumber("created", created);
        json.WriteString("model", model);
        json.WriteStartArray("choices");
    }

    private static string? Name(FinishReason reason) => reason switch
    {
        FinishReason.None => null,
        FinishReason.Stop => "stop",
        FinishReason.Length => "length",
        _ => "abort",
    };
}
