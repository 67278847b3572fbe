using System.Text;
using System.Text.Json;
using ModelServerSimulator.Engine;

namespace ModelServerSimulator.Http;

/// <summary>Prompts as tokens: a chat through a template of role marks, or a completion's text, texts or token ids.</summary>
internal static class PromptReader
{
    private static readonly int EndMark = Tokenizer.Mark("end");

    public static ApiError? ReadChat(JsonElement body, List<int> tokens)
    {
        if (!body.TryGetProperty("messages", out JsonElement messages))
        {
            return ApiError.Missing("messages", body.EnumerateObject().Count());
        }

        if (messages.ValueKind != JsonValueKind.Array)
        {
            return ApiError.WrongType("messages", "list");
        }

        if (body.TryGetProperty("tools", out JsonElement tools) && tools.ValueKind == JsonValueKind.Array)
        {
            tokens.Add(Tokenizer.Mark("tools"));
            Tokenizer.Encode(tools.GetRawText(), tokens);
        }

        foreach (JsonElement message in messages.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object)
            {
                return ApiError.WrongType("messages", "dictionary");
            }

            string role = message.TryGetProperty("role", out JsonElement named) && named.ValueKind == JsonValueKind.String ? named.GetString()! : "user";
            tokens.Add(Tokenizer.Mark(role));
            Tokenizer.Encode(Text(message), tokens);
            tokens.Add(EndMark);
        }

        tokens.Add(Tokenizer.Mark("assistant"));
        return null;
    }

    public static ApiError? ReadCompletion(JsonElement body, List<List<int>> prompts)
    {
        if (!body.TryGetProperty("prompt", out JsonElement prompt))
        {
            return ApiError.Missing("prompt", body.EnumerateObject().Count());
        }

        bool several = prompt.ValueKind == JsonValueKind.Array && !prompt.EnumerateArray().All(IsToken);
        foreach (JsonElement one in several ? prompt.EnumerateArray().ToArray() : [prompt])
        {
            var tokens = new List<int>();
            if (one.ValueKind == JsonValueKind.String)
            {
                Tokenizer.Encode(one.GetString()!, tokens);
            }
            else if (one.ValueKind == JsonValueKind.Array && one.EnumerateArray().All(IsToken))
            {
                tokens.AddRange(one.EnumerateArray().Select(token => token.GetInt32()));
            }
            else
            {
                return ApiError.WrongType("prompt", "string");
            }

            if (tokens.Count == 0)
            {
                return ApiError.BadParameter("prompt", "''", "The decoder prompt cannot be empty");
            }

            prompts.Add(tokens);
        }

        return null;
    }

    /// <summary>Whether a JSON value can be a token id.</summary>
    public static bool IsToken(JsonElement element) => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int token) && token >= 0;

    private static string Text(JsonElement message)
    {
        if (!message.TryGetProperty("content", out JsonElement content))
        {
            return "";
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            return content.ValueKind == JsonValueKind.String ? content.GetString()! : "";
        }

        var text = new StringBuilder();
        foreach (JsonElement part in content.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out JsonElement partText) && partText.ValueKind == JsonValueKind.String)
            {
                text.Append(partText.GetString());
            }
        }

        return text.ToString();
    }
}
