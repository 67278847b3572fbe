using System.Net;
using System.Text.Json;
using Testing;

namespace ModelServerSimulator.Tests.Http;

public sealed class TokenizeTests(SimulatorFixture server) : IClassFixture<SimulatorFixture>
{
    [Theory]
    [InlineData("tell me a story")]
    [InlineData("Übergrößenträger, naïve café 日本語 🐟")]
    [InlineData("")]
    public async Task Tokenize_Text_DetokenizeGivesItBack(string text)
    {
        using JsonDocument tokens = await PostAsync("/tokenize", JsonSerializer.Serialize(new { model = "tiny-llama", prompt = text }));
        JsonElement ids = tokens.RootElement.GetProperty("tokens");

        Assert.Equal(ids.GetArrayLength(), tokens.RootElement.GetProperty("count").GetInt32());
        Assert.All(ids.EnumerateArray(), id => Assert.True(id.GetInt32() >= 0));
        using JsonDocument back = await PostAsync("/detokenize", $$"""{"tokens":{{ids.GetRawText()}}}""");
        Assert.Equal(text, back.RootElement.GetProperty("prompt").GetString());
    }

    [Fact]
    public async Task Tokenize_Messages_CountIsWhatACompletionIsCharged()
    {
        const string Messages = """[{"role":"system","content":"You are a good man."},{"role":"user","content":"Tell me about the sea."}]""";
        using JsonDocument tokens = await PostAsync("/tokenize", $$"""{"messages":{{Messages}},"return_token_strs":true}""");
        using JsonDocument answer = await PostAsync("/v1/chat/completions", $$"""{"messages":{{Messages}},"max_tokens":1}""");

        Assert.Equal(
            answer.RootElement.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(),
            tokens.RootElement.GetProperty("count").GetInt32());
        string text = string.Concat(tokens.RootElement.GetProperty("token_strs").EnumerateArray().Select(part => part.GetString()));
        Assert.Equal("<|system|>You are a good man.<|end|><|user|>Tell me about the sea.<|end|><|assistant|>", text);
    }

    [Fact]
    public async Task Completion_OfTokenIds_IsTheCompletionOfTheirText()
    {
        using JsonDocument tokens = await PostAsync("/tokenize", """{"prompt":"tell me a story"}""");
        string ids = tokens.RootElement.GetProperty("tokens").GetRawText();
        using JsonDocument ofIds = await PostAsync("/v1/completions", $$"""{"prompt":{{ids}},"max_tokens":5}""");
        using JsonDocument ofText = await PostAsync("/v1/completions", """{"prompt":"tell me a story","max_tokens":5}""");

        Assert.Equal(ofText.RootElement.GetProperty("choices")[0].GetProperty("text").GetString(), ofIds.RootElement.GetProperty("choices")[0].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("tokenize-prompt")]
    [InlineData("tokenize-chat")]
    [InlineData("detokenize")]
    public async Task Send_CapturedRequest_SameFields(string name)
    {
        CapturedExchange captured = CapturedExchange.Load(name);
        using HttpRequestMessage request = captured.ToRequest();
        using HttpResponseMessage response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken).DefaultTimeout();
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using JsonDocument expected = JsonDocument.Parse(captured.AnswerBody);

        Assert.Equal(captured.Status, (int)response.StatusCode);
        Assert.Equal(Fields(expected), Fields(answer));
    }

    [Theory]
    [InlineData("/tokenize", """{"model":"other","prompt":"x"}""", 404, "The model `other` does not exist. Valid aliases: tiny-llama.")]
    [InlineData("/tokenize", "{}", 400, "'loc': 'body.prompt', 'msg': 'Field required'")]
    [InlineData("/tokenize", """{"prompt":7}""", 400, "'loc': 'body.prompt', 'msg': 'Input should be a valid string'")]
    [InlineData("/tokenize", """{"prompt":""", 400, "JSON decode error")]
    [InlineData("/detokenize", "{}", 400, "'loc': 'body.tokens', 'msg': 'Field required'")]
    [InlineData("/detokenize", """{"tokens":[-1]}""", 400, "'loc': 'body.tokens', 'msg': 'Input should be a valid list'")]
    public async Task Send_BadBody_IsRefusedInVllmsShape(string path, string json, int status, string message)
    {
        using HttpResponseMessage response = await server.PostAsync(path, json).DefaultTimeout();
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(message, answer.RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(status, answer.RootElement.GetProperty("error").GetProperty("code").GetInt32());
    }

    private static string Fields(JsonDocument document) =>
        string.Join(' ', document.RootElement.EnumerateObject().Select(property => $"{property.Name}:{property.Value.ValueKind}"));

    private async Task<JsonDocument> PostAsync(string path, string json)
    {
        using HttpResponseMessage response = await server.PostAsync(path, json).DefaultTimeout();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
