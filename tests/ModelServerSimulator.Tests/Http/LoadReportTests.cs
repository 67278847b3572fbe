using ModelServerSimulator.Engine;
using ModelServerSimulator.Http;
using Testing;

namespace ModelServerSimulator.Tests.Http;

public sealed class LoadReportTests
{
    private const string Request = """{"prompt":"tell me","max_tokens":1}""";
    private const string Long = """{"prompt":"tell me","max_tokens":1000,"stream":true}""";

    // So long that it lasts until the test ends it, however busy the machine is.
    private const string Endless = """{"prompt":"tell me","max_tokens":16000,"stream":true}""";

    [Theory]
    [InlineData("TEXT", "TEXT named_metrics.num_requests_waiting=0.0, named_metrics.kv_cache_usage_perc=0.0")]
    [InlineData("json", """JSON {"named_metrics": {"num_requests_waiting": 0.0, "kv_cache_usage_perc": 0.0}}""")]
    [InlineData("BINARY", null)]
    public async Task Send_FormatAsked_HeaderAsVllmWritesIt(string format, string? expected)
    {
        await using RunningServer server = await StartAsync(TimeSpan.FromMilliseconds(1));
        using HttpResponseMessage response = await server.SendAsync("/v1/completions", Request, ("endpoint-load-metrics-format", format));

        Assert.Equal(expected, response.Headers.TryGetValues("endpoint-load-metrics", out IEnumerable<string>? values) ? values.Single() : null);
    }

    [Fact]
    public async Task Send_BusyServer_HeaderCarriesItsLoad()
    {
        // One sequence at a time, and two long ones behind the one that is answered: at least one of them waits then.
        await using RunningServer server = await StartAsync(TimeSpan.FromMilliseconds(1));
        Task<HttpResponseMessage> first = server.StreamAsync("/v1/completions", Endless);
        await server.WaitForAsync("vllm:num_requests_running{", 1).DefaultTimeout();
        Task<HttpResponseMessage> answered = server.SendAsync("/v1/completions", Request, ("endpoint-load-metrics-format", "TEXT"));
        await server.WaitForAsync("vllm:num_requests_waiting{", 1).DefaultTimeout();
        Task<HttpResponseMessage>[] behind = [server.StreamAsync("/v1/completions", Long), server.StreamAsync("/v1/completions", Long)];
        await server.WaitForAsync("vllm:num_requests_waiting{", 3).DefaultTimeout();

        (await first.DefaultTimeout()).Dispose();

        using HttpResponseMessage answer = await answered.DefaultTimeout();
        Assert.Matches(@"^TEXT named_metrics\.num_requests_waiting=[12]\.0, named_metrics\.kv_cache_usage_perc=0", answer.Headers.GetValues("endpoint-load-metrics").Single());
        (await behind[0].DefaultTimeout()).Dispose();
        (await behind[1].DefaultTimeout()).Dispose();
    }

    [Fact]
    public async Task Send_Stream_HasNoHeader()
    {
        await using RunningServer server = await StartAsync(TimeSpan.FromMilliseconds(1));
        using HttpResponseMessage response =
            await server.SendAsync("/v1/completions", """{"prompt":"tell me","max_tokens":1,"stream":true}""", ("endpoint-load-metrics-format", "TEXT"));

        Assert.False(response.Headers.Contains("endpoint-load-metrics"));
    }

    private static Task<RunningServer> StartAsync(TimeSpan step) => RunningServer.StartAsync(new EngineOptions { MaxNumSeqs = 1, StepTime = step }, new ServerOptions());
}
