using System.Net;
using System.Text;
using System.Text.Json;
using EndpointPicker.LoadGenerator.Client;
using Envoy.Service.ExtProc.V3;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Process;

/// <summary>The real process, asked before and after a pick why it goes where it goes.</summary>
public sealed class ExplainTests : IDisposable
{
    private const int Mebi = 1024 * 1024;

    private readonly HttpClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Post_BeforeARequest_ForeseesThePickAndLeavesNoTrace()
    {
        await using ModelServer idle = await ModelServer.StartAsync();
        await using ModelServer busy = await ModelServer.StartAsync();
        busy.Waiting = 7;
        await using EppProcess epp = await EppProcess.StartAsync([busy.Port, idle.Port]);
        await epp.UntilMetricAsync("llm_d_epp_ready_endpoints", 2);

        string body = $$"""{"model":"m","prompt":"{{new string('x', 4000)}}"}""";
        JsonElement foreseen = default;
        for (int i = 0; i < 100; i++)
        {
            foreseen = await PostAsync(epp, body);
        }

        Assert.Equal(0, await epp.MetricAsync("llm_d_epp_scheduler_attempts_total"));
        Assert.Equal(0, await epp.MetricAsync("llm_d_epp_prefix_indexer_size"));
        Assert.StartsWith("{\"recorded\":0,", await epp.GetAsync("/explain"), StringComparison.Ordinal);
        Assert.Equal(idle.Address, foreseen.GetProperty("picked").GetString());
        Assert.Equal($"{idle.Address} scored 3.8, 2 ahead of {busy.Address}, mostly by queue-scorer (+2)", foreseen.GetProperty("why").GetString());

        Assert.Equal(idle.Address, await PickAsync(epp, body));
        using var page = JsonDocument.Parse(await epp.GetAsync("/explain?model=m&picked=server-2"));
        JsonElement decision = Assert.Single(page.RootElement.GetProperty("decisions").EnumerateArray());
        Assert.Equal(foreseen.EnumerateObject().Select(member => member.Name), decision.EnumerateObject().Select(member => member.Name));
        Assert.Equal(foreseen.GetProperty("why").GetString(), decision.GetProperty("why").GetString());

        JsonElement next = await PostAsync(epp, body);
        Assert.Contains("mostly by prefix-cache-scorer (+3)", next.GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Equal(7, next.GetProperty("candidates")[0].GetProperty("signals").GetProperty("waiting").GetInt32());
    }

    [Fact]
    public async Task Post_LargeBodies_AreReadUpToTheLimit()
    {
        await using EppProcess epp = await EppProcess.StartAsync([1]);
        JsonElement decision = await PostAsync(epp, $$"""{"model":"m","prompt":"{{new string('x', 15 * Mebi)}}"}""");
        Assert.True(decision.GetProperty("promptTokens").GetInt64() > Mebi);

        using HttpResponseMessage large = await SendAsync(epp, HttpMethod.Post, new string('x', (16 * Mebi) + 1));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Contains("larger than 16777216 bytes", await large.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        using HttpResponseMessage put = await SendAsync(epp, HttpMethod.Put, "{}");
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET, HEAD, POST"), (put.StatusCode, string.Join(", ", put.Content.Headers.Allow)));
    }

    private static async Task<string> PickAsync(EppProcess epp, string body)
    {
        using ExtProcClient client = new(new Uri($"http://127.0.0.1:{epp.GrpcPort}"));
        await using ExtProcStream stream = client.Open(TestContext.Current.CancellationToken);
        Assert.True(await stream.SendAsync(ExtProcMessages.Headers(body: true)));
        Assert.True(await stream.SendAsync(ExtProcMessages.Body(body)));
        ProcessingResponse? answer = await stream.ReadAsync().DefaultTimeout();
        Assert.True(answer is not null, stream.Status.ToString());
        stream.CompleteSending();
        while (await stream.ReadAsync().DefaultTimeout() is not null)
        {
            // The body comes back.
        }

        return answer.RequestHeaders.Response.HeaderMutation.SetHeaders.Single(set => set.Header.Key == "x-gateway-destination-endpoint").Header.RawValue.ToStringUtf8();
    }

    private async Task<JsonElement> PostAsync(EppProcess epp, string body)
    {
        using HttpResponseMessage answer = await SendAsync(epp, HttpMethod.Post, body);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private async Task<HttpResponseMessage> SendAsync(EppProcess epp, HttpMethod method, string body)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpRequestMessage request = new(method, $"http://127.0.0.1:{epp.MetricsPort}/explain?path=/v1/completions") { Content = content };
        return await _client.SendAsync(request, TestContext.Current.CancellationToken).DefaultTimeout();
    }
}
