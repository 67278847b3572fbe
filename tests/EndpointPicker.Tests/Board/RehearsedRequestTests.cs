using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace EndpointPicker.Tests.Board;

public sealed class RehearsedRequestTests : IDisposable
{
    private readonly ExplainFixture _fixture = new("--max-request-body-size=1Mi");

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Post_ThenTheSamePick_HasTheSameShapeAndAnswer()
    {
        byte[] body = ExplainFixture.Chat("sql", new string('x', 4000));
        await _fixture.PickAsync("before", body);
        JsonElement rehearsed = await _fixture.PostAsync(body, "", ("x-request-id", "r"));
        await _fixture.PickAsync("r", body);
        JsonElement real = (await _fixture.DecisionsAsync("?last=1"))[0];

        Assert.Equal(Untimed(real), Untimed(rehearsed));
        Assert.Equal(JsonValueKind.Null, rehearsed.GetProperty("sequence").ValueKind);
    }

    [Fact]
    public async Task Post_AThousandTimes_LeavesNoTrace()
    {
        await _fixture.PickAsync("before", ExplainFixture.Chat("sql", new string('x', 4000)));
        string metrics = await MetricsAsync();
        for (int i = 0; i < 1000; i++)
        {
            await _fixture.PostAsync(ExplainFixture.Chat($"model-{i}", $"{i}" + new string('y', 2000)));
        }

        Assert.Equal(metrics, await MetricsAsync());
        Assert.Equal(1, (await _fixture.DecisionsAsync()).GetArrayLength());
        Assert.All(_fixture.Pool.Current.Endpoints.ToArray(), endpoint => Assert.Equal(0, endpoint.InFlight.Requests));
    }

    [Theory]
    [InlineData("{", "bad_request")]
    [InlineData("""{"messages":[]}""", "bad_request")]
    public async Task Post_BadBody_AnswersWhatAClientWouldGet(string body, string code)
    {
        HttpContext answer = await _fixture.SendAsync("POST", "", System.Text.Encoding.UTF8.GetBytes(body));
        JsonElement error = JsonDocument.Parse(ExplainFixture.Text(answer)).RootElement.GetProperty("error");

        Assert.Equal((400, "application/json"), (answer.Response.StatusCode, answer.Response.ContentType));
        Assert.Equal(("invalid_request_error", code), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Post_BadBodyInTheReferencesManner_IsItsText()
    {
        using ExplainFixture fixture = new("--compatibility=reference");
        HttpContext answer = await fixture.SendAsync("POST", "", "{"u8.ToArray());

        Assert.Equal(400, answer.Response.StatusCode);
        Assert.StartsWith("inference error: BadRequest - ", ExplainFixture.Text(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_LargerThanClientsMaySend_IsA413()
    {
        HttpContext answer = await _fixture.SendAsync("POST", "", new byte[(1024 * 1024) + 1]);

        Assert.Equal(413, answer.Response.StatusCode);
        Assert.Contains("larger than 1048576 bytes", ExplainFixture.Text(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?paht=/v1/completions")]
    [InlineData("?path=/a&path=/b")]
    [InlineData("?last=3")]
    public async Task Post_BadQuery_SaysWhatThereIs(string query)
    {
        HttpContext answer = await _fixture.SendAsync("POST", query, ExplainFixture.Chat("m", "x"));

        Assert.Equal(400, answer.Response.StatusCode);
        Assert.Contains("path=/v1/chat/completions", ExplainFixture.Text(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_WithHeadersPathAndSubset_IsReadAsTheRequest()
    {
        JsonElement decision = await _fixture.PostAsync(
            """{"model":"m","prompt":"x"}"""u8.ToArray(),
            "?path=/v1/completions&subset=10.0.0.2:8000,10.0.0.9:8000",
            ("X-LLM-D-Model-Name-Rewrite", "sql"));

        Assert.Equal(("m", "sql"), (decision.GetProperty("model").GetString(), decision.GetProperty("targetModel").GetString()));
        Assert.Equal("10.0.0.2:8000", decision.GetProperty("picked").GetString());
        Assert.Equal("""{"name":"epp","endpoints":4,"subset":2,"outsideSubset":3,"candidates":1,"notShown":0}""", decision.GetProperty("pool").GetRawText());
        Assert.Equal("10.0.0.2:8000 was the only candidate", decision.GetProperty("why").GetString());
    }

    [Fact]
    public async Task Post_NobodyInTheSubset_ExplainsTheRefusal()
    {
        JsonElement decision = await _fixture.PostAsync(ExplainFixture.Chat("m", "x"), "?subset=10.0.0.9:8000");

        Assert.Equal((503, "ServiceUnavailable"), (decision.GetProperty("status").GetInt32(), decision.GetProperty("error").GetString()));
        Assert.Equal("none of the 1 destinations of the proxy's subset is among the pool's 4 endpoints", decision.GetProperty("why").GetString());
        Assert.Equal(JsonValueKind.Null, decision.GetProperty("picked").ValueKind);
    }

    [Fact]
    public async Task Post_OfAGet_IsTheFallback()
    {
        JsonElement decision = await _fixture.PostAsync([], "?method=GET&path=/v1/models");

        Assert.Equal(("HeadersOnly", true), (decision.GetProperty("reason").GetString(), decision.GetProperty("fallback").GetBoolean()));
        Assert.Contains("1 without fresh signals passed over", decision.GetProperty("why").GetString(), StringComparison.Ordinal);
    }

    private static string Untimed(JsonElement decision) => string.Join('\n', Lines(decision));

    private static IEnumerable<string> Lines(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject()
            .Where(member => member.Name is not ("sequence" or "time" or "ageSeconds" or "waitedSeconds" or "signalAgeSeconds"))
            .SelectMany(member => Lines(member.Value).Select(line => $"{member.Name}.{line}")),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Lines),
        _ => [element.GetRawText()],
    };

    private async Task<string> MetricsAsync() => string.Join('\n', (await _fixture.MetricsAsync()).Split('\n').Where(line => !line.StartsWith("process_", StringComparison.Ordinal)));
}
