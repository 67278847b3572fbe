using System.Globalization;
using System.Text.Json;
using ModelServerSimulator.Engine;
using static ModelServerSimulator.Http.JsonBody;

namespace ModelServerSimulator.Http;

/// <summary>Reads and checks the body of a completion request in the order in which vLLM finds fault.</summary>
internal sealed class CompletionRequestReader(ModelRegistry models, EngineOptions engine, ServerOptions server)
{
    // vLLM's own default of the completions endpoint.
    private const int DefaultCompletionTokens = 16;

    public (CompletionRequest? Request, ApiError? Error) Read(JsonElement body, bool isChat)
    {
        var prompts = new List<List<int>>();
        if (ReadPrompts(body, isChat, prompts) is { } promptError)
        {
            return (null, promptError);
        }

        if (Number(body, "temperature") is { } temperature && temperature < 0)
        {
            string shown = temperature.ToString("0.0##", CultureInfo.InvariantCulture);
            return (null, ApiError.BadParameter("temperature", shown, $"temperature must be non-negative, got {shown}."));
        }

        string model = Text(body, "model") ?? engine.Model;
        if (!models.TryResolve(model, out string? adapter))
        {
            return (null, ApiError.UnknownModel(model, engine.Model));
        }

        int longest = prompts.Max(prompt => prompt.Count);
        if (longest >= engine.MaxModelLength)
        {
            return (null, ApiError.ContextTooLong(engine.MaxModelLength));
        }

        int room = engine.MaxModelLength - longest;
        int? asked = (int?)(Number(body, "max_completion_tokens") ?? Number(body, "max_tokens"));
        if (CheckMaxTokens(asked, room) is { } limitError)
        {
            return (null, limitError);
        }

        int choices = Math.Max(1, (int)(Number(body, "n") ?? 1));
        int maxTokens = asked ?? (isChat ? room : Math.Min(room, DefaultCompletionTokens));
        int stopAfter = isChat && asked is null ? server.OutputTokens : int.MaxValue;
        bool includeUsage = body.TryGetProperty("stream_options", out JsonElement options) && Flag(options, "include_usage");
        List<SequenceRequest> sequences =
            [.. prompts.SelectMany(prompt => Enumerable.Repeat(new SequenceRequest(prompt, maxTokens, stopAfter, adapter, Text(body, "cache_salt")), choices))];
        return (new CompletionRequest(isChat, model, sequences, choices, Flag(body, "stream"), includeUsage), null);
    }

    private ApiError? CheckMaxTokens(int? asked, int room)
    {
        if (asked is not { } maxTokens)
        {
            return null;
        }

        if (maxTokens < 1)
        {
            return ApiError.BadParameter("max_tokens", $"{maxTokens}", $"max_tokens must be at least 1, got {maxTokens}.");
        }

        if (maxTokens > engine.MaxModelLength)
        {
            return ApiError.MaxTokensTooLarge(maxTokens, engine.MaxModelLength);
        }

        int prompt = engine.MaxModelLength - room;
        return maxTokens <= room ? null : ApiError.BadParameter(
            "max_tokens",
            $"{maxTokens}",
            $"'max_tokens' or 'max_completion_tokens' is too large: {maxTokens}. This model's maximum context length is {engine.MaxModelLength} tokens and your "
            + $"request has {prompt} input tokens ({maxTokens} > {engine.MaxModelLength} - {prompt}).");
    }

    private static ApiError? ReadPrompts(JsonElement body, bool isChat, List<List<int>> prompts)
    {
        if (!isChat)
        {
            return PromptReader.ReadCompletion(body, prompts);
        }

        prompts.Add([]);
        return PromptReader.ReadChat(body, prompts[0]);
    }
}
