using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Testing;

namespace ModelServerSimulator.Tests.Http;

public sealed class CompletionTests(SimulatorFixture server) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task Post_SamePromptTwice_UsageSaysWhatWasCached()
    {
        string words = string.Concat(Enumerable.Repeat("the old man and the sea ", 20));
        string json = $$"""{"model":"tiny-llama","messages":[{"role":"user","content":"{{words}}"}],"max_tokens":2}""";

        Assert.Equal(0, await CachedTokensAsync(json));
        int cached = await CachedTokensAsync(json);

        Assert.True(cached > 0 && cached % 32 == 0, $"{cached} tokens are not whole blocks");
    }

    [Fact]
    public async Task Post_ContentInParts_CountsLikeOneText()
    {
        const string Whole = """{"messages":[{"role":"user","content":"tell me more"}],"max_tokens":1}""";
        const string Parts = """{"messages":[{"role":"user","content":[{"type":"text","text":"tell me"},{"type":"text","text":" more"}]}],"max_tokens":1}""";

        Assert.Equal(await UsageAsync(Whole, "prompt_tokens"), await UsageAsync(Parts, "prompt_tokens"));
    }

    [Fact]
    public async Task Post_TwoChoices_TwoAnswersOnePrompt()
    {
        using HttpResponseMessage response = await server.PostAsync("/v1/completions", """{"prompt":"tell me","n":2,"max_tokens":3}""").DefaultTimeout();
        using JsonDocument answer = await ReadAsync(response);

        Assert.Equal([0, 1], answer.RootElement.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("index").GetInt32()));
        Assert.Equal(2, answer.RootElement.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(6, answer.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Post_RequestId_IsPartOfTheAnswersId()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions")
        {
            Content = new StringContent("""{"prompt":"tell me","max_tokens":1}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("x-request-id", "abc-1");
        using HttpResponseMessage response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken).DefaultTimeout();
        using JsonDocument answer = await ReadAsync(response);

        Assert.Equal("cmpl-abc-1", answer.RootElement.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Stream_ClientLeaves_TheSequenceIsDropped()
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions")
        {
            Content = new StringContent("""{"model":"lora-a","prompt":"tell me","max_tokens":1000,"stream":true}""", Encoding.UTF8, "application/json"),
        };
        HttpResponseMessage response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving.Token).DefaultTimeout();
        await using (Stream body = await response.Content.ReadAsStreamAsync(leaving.Token))
        {
            Assert.NotEqual(0, await body.ReadAsync(new byte[64], leaving.Token).DefaultTimeout());
        }

        response.Dispose();
        await WaitUntilIdleAsync().DefaultTimeout();
        string page = await server.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("finished_reason=\"abort\",model_name=\"tiny-llama\"} 0.0", page, StringComparison.Ordinal);
        Assert.True(Metric(page, "vllm:generation_tokens_total{") < 1000, "the answer was generated to its end");
    }

    private async Task WaitUntilIdleAsync()
    {
        string page;
        do
        {
            page = await server.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        }
        while (Metric(page, "vllm:num_requests_running{") > 0);
    }

    private static double Metric(string page, string prefix)
    {
        string line = page.Split('\n').Single(line => line.StartsWith(prefix, StringComparison.Ordinal));
        return double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }

    private async Task<int> CachedTokensAsync(string json)
    {
        using HttpResponseMessage response = await server.PostAsync("/v1/chat/completions", json).DefaultTimeout();
        using JsonDocument answer = await ReadAsync(response);
        return answer.RootElement.GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32();
    }

    private async Task<int> UsageAsync(string json, string field)
    {
        using HttpResponseMessage response = await server.PostAsync("/v1/chat/completions", json).DefaultTimeout();
        using JsonDocument answer = await ReadAsync(response);
        return answer.RootElement.GetProperty("usage").GetProperty(field).GetInt32();
    }

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
