using System.Net;
using System.Text;
using System.Text.Json;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Envoy;

/// <summary>What a client gets when the picker refuses, through a real Envoy.</summary>
public sealed class ErrorTests
{
    [Theory]
    [InlineData("FULL_DUPLEX_STREAMED")]
    [InlineData("BUFFERED")]
    [InlineData("BUFFERED_PARTIAL")]
    public async Task Post_BrokenJson_Is400ThatNamesTheByte(string mode)
    {
        await using Chain chain = await Chain.StartAsync(Bootstraps.OverrideHost.WithMode(mode), servers: 1);
        using HttpResponseMessage answer = await PostAsync(chain, """{"model":"m","prompt":oops}""");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        JsonElement error = await ErrorAsync(answer);
        Assert.Contains("byte 22", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Empty(chain.Servers[0].Received);
    }

    [Fact]
    public async Task Post_NoModel_Is400()
    {
        await using Chain chain = await Chain.StartAsync(Bootstraps.OverrideHost, servers: 1);
        using HttpResponseMessage answer = await PostAsync(chain, """{"prompt":"hello"}""");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("model", (await ErrorAsync(answer)).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_EmptyPool_Is503WithReasonAndRetryAfter()
    {
        await using Chain chain = await Chain.StartAsync(Bootstraps.OverrideHost, new EppSettings { WatchFile = true }, servers: 1);
        chain.Epp.WriteEndpoints([]);
        await chain.Epp.Process.WaitForLineAsync(line => line.Contains("lists 0 endpoints", StringComparison.Ordinal));
        using HttpResponseMessage answer = await PostAsync(chain, """{"model":"m","prompt":"hello"}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("rejected-no-endpoints", answer.Headers.GetValues("x-llm-d-request-dropped-reason").Single());
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.False(string.IsNullOrEmpty((await ErrorAsync(answer)).GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Post_OverTheBodyLimit_Is413()
    {
        await using Chain chain = await Chain.StartAsync(Bootstraps.OverrideHost, new EppSettings { Flags = ["--max-request-body-size=100Ki"] }, servers: 1);
        using HttpResponseMessage answer = await PostAsync(chain, $$"""{"model":"m","prompt":"{{new string('x', 300_000)}}"}""");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Post_DeeperThanTheLimit_Is400()
    {
        await using Chain chain = await Chain.StartAsync(Bootstraps.OverrideHost, new EppSettings { Flags = ["--max-json-depth=4"] }, servers: 1);
        using HttpResponseMessage fits = await PostAsync(chain, """{"model":"m","prompt":"x","extra":[[[1]]]}""");
        Assert.Equal(HttpStatusCode.OK, fits.StatusCode);
        using HttpResponseMessage answer = await PostAsync(chain, """{"model":"m","prompt":"x","extra":[[[[1]]]]}""");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Post_BrokenJsonInReferenceMode_HasTheReferencesText()
    {
        await using Chain chain = await Chain.StartAsync(Bootstraps.OverrideHost, new EppSettings { Flags = ["--compatibility=reference"] }, servers: 1);
        using HttpResponseMessage answer = await PostAsync(chain, """{"prompt":"hello"}""");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("inference error: BadRequest - model not found in request body", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<HttpResponseMessage> PostAsync(Chain chain, string body)
    {
        using HttpClient client = new();
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        return await client.PostAsync(new Uri($"http://127.0.0.1:{chain.Envoy.Port}/v1/completions"), content).DefaultTimeout();
    }

    private static async Task<JsonElement> ErrorAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        using JsonDocument document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.GetProperty("error").Clone();
    }
}
