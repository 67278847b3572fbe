using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ModelServerSimulator.Engine;
using ModelServerSimulator.Faults;
using ModelServerSimulator.Hosting;
using ModelServerSimulator.Http;
using Testing;

namespace ModelServerSimulator.Tests.Http;

/// <summary>What a client of the server sees of each fault.</summary>
public sealed partial class FaultTests
{
    private const string Completions = "/v1/completions";
    private const string Request = """{"prompt":"tell me","max_tokens":5}""";
    private const string StreamRequest = """{"prompt":"tell me","max_tokens":50,"stream":true}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(429, "Too Many Requests")]
    [InlineData(500, "InternalServerError")]
    [InlineData(404, "NotFoundError")]
    public async Task ErrorRate_Generation_FailsInVllmsShapeWhileHealthIsWell(int status, string type)
    {
        await using RunningServer server = await StartAsync(new FaultPlan { ErrorRate = 1, ErrorStatus = status });
        using HttpResponseMessage response = await server.SendAsync(Completions, Request);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(type, answer.RootElement.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(status, answer.RootElement.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal("", await server.GetAsync("/health"));
        Assert.Contains("vllm:num_requests_running", await server.GetAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ErrorRate_503_IsTheCapturedAnswerOfABusyServer()
    {
        await using RunningServer server = await StartAsync(new FaultPlan { ErrorRate = 1 });
        using HttpResponseMessage response = await server.SendAsync(Completions, Request);

        string captured = await File.ReadAllTextAsync(Fixtures.Require("engines", "vllm-0.32.0", "options", "http", "error-overloaded.response.http"), Token);
        Assert.Equal(captured[captured.IndexOf('{', StringComparison.Ordinal)..], await response.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [InlineData(true, "418", 418)]
    [InlineData(true, "soon", 400)]
    [InlineData(true, "200", 400)]
    [InlineData(false, "418", 200)]
    public async Task ErrorHeader_Generation_FailsWhereTheServerObeysIt(bool enabled, string header, int status)
    {
        await using RunningServer server = await RunningServer.StartAsync(new SimulatorOptions { Server = new ServerOptions { ReturnErrorHeader = enabled } });
        using HttpResponseMessage response = await server.SendAsync(Completions, Request, (FaultGate.ErrorHeader, header));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task DeadRate_Generation_IsNeverAnsweredWhileHealthAndMetricsAreWell()
    {
        await using RunningServer server = await StartAsync(new FaultPlan { DeadRate = 1 });
        Task<HttpResponseMessage> generation = server.SendAsync(Completions, Request);

        Assert.Equal("", await server.GetAsync("/health"));
        await server.WaitForAsync("vllm:num_requests_running{", 0).DefaultTimeout();
        Assert.Equal(HttpStatusCode.OK, await server.PostAsync("/admin/config", """{"dead-rate":0}"""));
        Assert.Equal(HttpStatusCode.OK, await server.PostAsync(Completions, Request));

        // The one from before is not answered by the recovery either; stopping cuts it.
        Assert.False(generation.IsCompleted);
        await server.App.StopAsync(Token).DefaultTimeout();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => generation.DefaultTimeout());
    }

    [Fact]
    public async Task HangRate_EveryPathButAdmin_IsNeverAnswered()
    {
        await using RunningServer server = await StartAsync(new FaultPlan { HangRate = 1 });
        Task<string>[] hanging = [.. ((string[])["/health", "/metrics", "/v1/models"]).Select(server.GetAsync)];

        Assert.Contains("\"hang-rate\":1", await server.GetAsync("/admin/config"), StringComparison.Ordinal);
        Assert.DoesNotContain(hanging, request => request.IsCompleted);
        await server.App.StopAsync(Token).DefaultTimeout();
        foreach (Task<string> request in hanging)
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => request);
        }
    }

    [Fact]
    public async Task DropRate_Request_ConnectionIsReset()
    {
        await using RunningServer server = await StartAsync(new FaultPlan { DropRate = 1 });

        (string received, SocketError end) = await ReadToEndAsync(server, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal(("", SocketError.ConnectionReset), (received, end));
    }

    [Fact]
    public async Task ResetRate_Stream_ConnectionIsResetAfterTheChunks()
    {
        await using RunningServer server = await StartAsync(new FaultPlan { ResetRate = 1, ResetAfterChunks = 4 });

        (string received, SocketError end) = await ReadToEndAsync(
            server,
            $"POST {Completions} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {StreamRequest.Length}\r\n\r\n{StreamRequest}");

        Assert.StartsWith("HTTP/1.1 200 OK", received, StringComparison.Ordinal);
        Assert.Equal(4, TokenEvent().Count(received));
        Assert.Equal(SocketError.ConnectionReset, end);
        await server.WaitForAsync("vllm:num_requests_running{", 0).DefaultTimeout();
    }

    [Fact]
    public async Task MetricsPage_Frozen_ShowsThePastUntilItThaws()
    {
        await using RunningServer server = await StartAsync(new FaultPlan());
        await server.PostAsync("/admin/config", """{"metrics-page":"frozen"}""");
        string frozen = await server.GetAsync("/metrics");
        await server.PostAsync(Completions, Request);

        Assert.Equal(frozen, await server.GetAsync("/metrics"));
        await server.PostAsync("/admin/config", """{"metrics-page":"ok"}""");
        await server.WaitForAsync("vllm:generation_tokens_total{", 5).DefaultTimeout();
    }

    [Fact]
    public async Task MetricsPage_Missing_IsNotFound()
    {
        await using RunningServer server = await StartAsync(new FaultPlan { MetricsPage = MetricsPageState.Missing });
        using HttpResponseMessage response = await server.Client.GetAsync(new Uri("/metrics", UriKind.Relative), Token);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task MetricsWithout_Families_AreLeftOutAndNothingElse()
    {
        await using RunningServer server = await StartAsync(new FaultPlan());
        string whole = await server.GetAsync("/metrics");
        await server.PostAsync("/admin/config", """{"metrics-without":["vllm:num_requests_waiting","vllm:prefix_cache_hits","vllm:e2e_request_latency_seconds"]}""");
        string part = await server.GetAsync("/metrics");

        string[] missing = [.. whole.Split('\n').Except(part.Split('\n')).Select(line => Name().Match(line).Value).Distinct()];
        Assert.Equal(
            [
                "vllm:num_requests_waiting", "vllm:prefix_cache_hits_total", "vllm:prefix_cache_hits_created", "vllm:e2e_request_latency_seconds",
                "vllm:e2e_request_latency_seconds_bucket", "vllm:e2e_request_latency_seconds_count", "vllm:e2e_request_latency_seconds_sum",
                "vllm:e2e_request_latency_seconds_created",
            ],
            missing);
        Assert.Contains("vllm:num_requests_waiting_by_reason{", part, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MetricsDelay_SomeScrapes_TheOthersAreNotHeldUp()
    {
        // An hour, so that the one scrape that comes back was not delayed; the dice of this seed let some through.
        await using RunningServer server = await RunningServer.StartAsync(
            new SimulatorOptions { Faults = new FaultPlan { MetricsDelay = TimeSpan.FromHours(1), MetricsRate = 0.5 }, Seed = 1, DrainTimeout = TimeSpan.Zero });

        Task<string>[] scrapes = [.. Enumerable.Range(0, 16).Select(_ => server.GetAsync("/metrics"))];
        Task<string> first = await Task.WhenAny(scrapes).DefaultTimeout();

        Assert.Contains("vllm:num_requests_running", await first, StringComparison.Ordinal);
        await server.App.StopAsync(Token).DefaultTimeout();
        int cut = (await Task.WhenAll(scrapes.Select(async scrape => await Record.ExceptionAsync(() => scrape) is HttpRequestException))).Count(failed => failed);
        Assert.InRange(cut, 1, 15);
    }

    private static Task<RunningServer> StartAsync(FaultPlan plan) =>
        RunningServer.StartAsync(new SimulatorOptions { Engine = new EngineOptions { StepTime = TimeSpan.FromMilliseconds(2) }, Faults = plan });

    private static async Task<(string Received, SocketError End)> ReadToEndAsync(RunningServer server, string request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port, Token).DefaultTimeout();
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), Token).DefaultTimeout();
        var received = new StringBuilder();
        byte[] buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, Token).DefaultTimeout() is > 0 and var count)
            {
                received.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }

            return (received.ToString(), SocketError.Success);
        }
        catch (SocketException exception)
        {
            return (received.ToString(), exception.SocketErrorCode);
        }
    }

    [GeneratedRegex("""data: \{"id":""")]
    private static partial Regex TokenEvent();

    [GeneratedRegex(@"vllm:\w+")]
    private static partial Regex Name();
}
