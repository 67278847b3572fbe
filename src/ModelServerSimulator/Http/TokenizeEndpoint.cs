using System.Text.Json;
using ModelServerSimulator.Engine;

namespace ModelServerSimulator.Http;

/// <summary>Text or chat to tokens, and tokens to text, with the very tokens that the completions endpoints count.</summary>
internal sealed class TokenizeEndpoint(ModelRegistry models, EngineOptions engine)
{
    public Task TokenizeAsync(HttpContext context) => AnswerAsync(context, body =>
    {
        var tokens = new List<int>();
        if (ReadText(body, tokens) is { } error)
        {
            return (error, null);
        }

        bool withStrings = JsonBody.Flag(body, "return_token_strs");
        return (null, json => WriteTokens(json, tokens, withStrings));
    });

    public Task DetokenizeAsync(HttpContext context) => AnswerAsync(context, body =>
    {
        if (!body.TryGetProperty("tokens", out JsonElement tokens))
        {
            return (ApiError.Missing("tokens", body.EnumerateObject().Count()), null);
        }

        if (tokens.ValueKind != JsonValueKind.Array || !tokens.EnumerateArray().All(PromptReader.IsToken))
        {
            return (ApiError.WrongType("tokens", "list"), null);
        }

        string text = Tokenizer.Decode(tokens.EnumerateArray().Select(token => token.GetInt32()));
        return (null, json => WriteText(json, text));
    });

    private async Task AnswerAsync(HttpContext context, Func<JsonElement, (ApiError? Error, Action<Utf8JsonWriter>? Answer)> act)
    {
        (JsonDocument? document, ApiError? error) = await JsonBody.ReadAsync(context).ConfigureAwait(false);
        Action<Utf8JsonWriter>? answer = null;
        if (document is not null)
        {
            using (document)
            {
                (error, answer) = models.CheckModel(document.RootElement) is { } unknown ? (unknown, null) : act(document.RootElement);
            }
        }

        await JsonReply.SendAsync(context.Response, error?.Status ?? StatusCodes.Status200OK, error is null ? answer! : error.Write).ConfigureAwait(false);
    }

    private static ApiError? ReadText(JsonElement body, List<int> tokens)
    {
        if (body.TryGetProperty("messages", out _))
        {
            return PromptReader.ReadChat(body, tokens);
        }

        if (!body.TryGetProperty("prompt", out JsonElement prompt))
        {
            return ApiError.Missing("prompt", body.EnumerateObject().Count());
        }

        if (prompt.ValueKind != JsonValueKind.String)
        {
            return ApiError.WrongType("prompt", "string");
        }

        Tokenizer.Encode(prompt.GetString()!, tokens);
        return null;
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("prompt", text);
        json.WriteEndObject();
    }

    private void WriteTokens(Utf8JsonWriter json, List<int> tokens, bool withStrings)
    {
        json.WriteStartObject();
        json.WriteNumber("count", tokens.Count);
        json.WriteNumber("max_model_len", engine.MaxModelLength);
        json.WriteStartArray("tokens");
        foreach (int token in tokens)
        {
            json.WriteNumberValue(token);
        }

        json.WriteEndArray();
        if (!withStrings)
        {
            json.WriteNull("token_strs");
        }
        else
        {
            json.WriteStartArray("token_strs");
            foreach (int token in tokens)
            {
                json.WriteStringValue(Tokenizer.Decode([token]));
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
