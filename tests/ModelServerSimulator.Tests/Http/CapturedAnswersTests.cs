using System.Text.Json;
using System.Text.RegularExpressions;
using Testing;

namespace ModelServerSimulator.Tests.Http;

/// <summary>Requests that were sent to a real vLLM, sent again: what a client can tell apart must be the same.</summary>
public sealed partial class CapturedAnswersTests(SimulatorFixture server) : IClassFixture<SimulatorFixture>
{
    private static readonly string[] NotSimulated =
    [
        "annotations", "audio", "function_call", "reasoning", "token_ids", "routed_experts", "prompt_logprobs", "prompt_token_ids", "prompt_text",
        "kv_transfer_params", "ec_transfer_params", "metrics", "created_cache_tokens", "multimodal_tokens", "completion_tokens_details", "stop_reason",
        "system_fingerprint", "service_tier",
    ];

    [Theory]
    [InlineData("error-unknown-model")]
    [InlineData("error-bad-json")]
    [InlineData("error-no-messages")]
    [InlineData("error-bad-value")]
    [InlineData("error-max-tokens-too-large")]
    [InlineData("error-not-json-type")]
    [InlineData("error-context-too-long")]
    [InlineData("error-context-too-long-stream")]
    [InlineData("error-wrong-method")]
    [InlineData("unknown-path")]
    [InlineData("health")]
    [InlineData("ping")]
    [InlineData("version")]
    public async Task Send_CapturedRequest_SameStatusAndBody(string name)
    {
        CapturedExchange captured = CapturedExchange.Load(name);
        using HttpRequestMessage request = captured.ToRequest();
        using HttpResponseMessage response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken).DefaultTimeout();

        Assert.Equal(captured.Status, (int)response.StatusCode);
        Assert.Equal(captured.AnswerBody, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["pod-a"], response.Headers.GetValues("x-served-by"));
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("completion")]
    [InlineData("completion-two-prompts")]
    [InlineData("models-with-loras")]
    public async Task Send_CapturedRequest_SameFields(string name)
    {
        CapturedExchange captured = CapturedExchange.Load(name);
        using HttpRequestMessage request = captured.ToRequest();
        using HttpResponseMessage response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken).DefaultTimeout();

        Assert.Equal(captured.Status, (int)response.StatusCode);
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Fields(captured.AnswerBody), Fields(body));
    }

    [Theory]
    [InlineData("chat-stream")]
    [InlineData("chat-stream-usage")]
    [InlineData("completion-stream-usage")]
    public async Task Send_CapturedStreamRequest_SameEvents(string name)
    {
        CapturedExchange captured = CapturedExchange.Load(name);
        using HttpRequestMessage request = captured.ToRequest();
        using HttpResponseMessage response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken).DefaultTimeout();
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).DefaultTimeout();

        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        List<string> expected = [.. Events(captured.AnswerBody).Select(Fields)];
        Assert.Equal("[DONE]", expected[^1]);
        Assert.Equal(expected, Events(body).Select(Fields));
    }

    private static IEnumerable<string> Events(string body) => Event().Matches(body).Select(match => match.Groups[1].Value);

    // Field names in their order, with values only where they do not depend on the model's text or the clock.
    private static string Fields(string json)
    {
        if (!json.StartsWith('{'))
        {
            return json.Trim();
        }

        using JsonDocument document = JsonDocument.Parse(json);
        return Describe(document.RootElement);
    }

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(' ', element.EnumerateObject()
            .Where(property => !NotSimulated.Contains(property.Name))
            .Select(property => property.Name + Value(property))) + "}",
        JsonValueKind.Array => "[" + string.Join(' ', element.EnumerateArray().Select(Describe).Distinct()) + "]",
        _ => element.ValueKind.ToString(),
    };

    private static string Value(JsonProperty property) => property.Name is "object" or "finish_reason" or "completion_tokens" or "role" or "cached_tokens"
        ? "=" + property.Value.GetRawText()
        : Describe(property.Value);

    [GeneratedRegex("""data: (.*?)\r?\n""")]
    private static partial Regex Event();
}
