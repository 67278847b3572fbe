using System.Diagnostics;
using System.Globalization;
using EndpointPicker.LoadGenerator.Gateway;
using FunctionalTests.Harness;
using Microsoft.AspNetCore.Http;
using Testing;

namespace FunctionalTests.Process;

/// <summary>The metrics page after requests of every kind, as Prometheus itself judges it.</summary>
public sealed class MetricsPageTests : IDisposable
{
    private readonly SemaphoreSlim _seen = new(0);

    public void Dispose() => _seen.Dispose();

    [Fact]
    public async Task Page_AfterTraffic_IsTheDocumentedOneAndPassesPromtool()
    {
        string promtool = Tools.RequirePromtool();
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = AnswerAsync;
        await using ModelServer strange = await ModelServer.StartAsync();
        strange.Page = "vllm:num_requests_waiting 1000\n";
        await using EppProcess epp = await EppProcess.StartAsync([server.Port, strange.Port, 1], new EppSettings { Flags = ["--enable-grpc-stream-metrics=true"] });
        await using EnvoyGateway gateway = await EnvoyGateway.StartAsync(new GatewayOptions
        {
            Processor = new Uri($"http://127.0.0.1:{epp.GrpcPort}"),
            Endpoints = [server.Address],
            MessageTimeout = TimeSpan.FromMinutes(1),
            ResponseBodyMode = BodyMode.FullDuplexStreamed,
            SendResponseTrailers = true,
        });
        using HttpClient client = new() { BaseAddress = gateway.Address };
        await epp.UntilMetricAsync("llm_d_epp_ready_endpoints", 2);

        foreach (string body in (string[])
            [
                """{"model":"plain","prompt":"one"}""",
                $$"""{"model":"stream","stream":true,"prompt":"{{new string('x', 3000)}}"}""",
                $$"""{"model":"stream","stream":true,"prompt":"{{new string('x', 3000)}}"}""",
                """{"model":""",
            ])
        {
            using StringContent content = new(body);
            using HttpRequestMessage request = new(HttpMethod.Post, "/v1/completions") { Content = content };
            using HttpResponseMessage answer =
                await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).DefaultTimeout();
            Assert.Equal(body.EndsWith('}') ? 200 : 400, (int)answer.StatusCode);
            using StreamReader lines = new(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
            while (await lines.ReadLineAsync(TestContext.Current.CancellationToken).DefaultTimeout() is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    _seen.Release();
                }
            }
        }

        await epp.UntilMetricAsync("llm_d_epp_extproc_streams_inflight", 0);
        await epp.UntilMetricAsync("llm_d_epp_datalayer_poll_errors_total", errors => errors > 0);

        string page = await epp.GetAsync("/metrics");
        MetricsReference reference = MetricsReference.Read(page);
        Assert.Equal(reference.Families.Count, reference.Families.Select(family => family.Name).Distinct().Count());
        DocumentPart.Expect("metrics.md", "a live page", reference.ToMarkdown());
        Assert.Equal(3, PrometheusPage.Sum(page, "llm_d_epp_request_total"));
        Assert.Equal(1, PrometheusPage.Sum(page, "llm_d_epp_request_error_total"));
        Assert.Equal(0, PrometheusPage.Sum(page, "llm_d_epp_request_running"));
        Assert.Empty(await ComplaintsAsync(promtool, page));
    }

    /// <summary>The streams that are made up before readiness are nobody's requests.</summary>
    [Fact]
    public async Task Page_RightAfterTheStart_KnowsNothingOfTheWarmUp()
    {
        await using EppProcess epp = await EppProcess.StartAsync([1], new EppSettings { Flags = ["--enable-grpc-stream-metrics=true"] });
        await epp.Process.WaitForLineAsync(line => line.Contains("\"event\":\"Warm\"", StringComparison.Ordinal) && !line.Contains("\"streams\":0,", StringComparison.Ordinal));
        string page = await epp.GetAsync("/metrics");
        Assert.DoesNotContain("warm-up", page, StringComparison.Ordinal);
        Assert.Equal(0, PrometheusPage.Sum(page, "llm_d_epp_extproc_streams_total"));
        Assert.Equal(0, PrometheusPage.Sum(page, "llm_d_epp_scheduler_e2e_duration_seconds_count"));
        Assert.Equal(0, PrometheusPage.Sum(page, "llm_d_epp_prefix_indexer_size"));
        Assert.StartsWith("{\"recorded\":0,", await epp.GetAsync("/explain"), StringComparison.Ordinal);
        Assert.DoesNotContain("\"level\":\"warn\"", epp.Process.Output, StringComparison.Ordinal);
    }

    // Each event waits until the client has seen the one before, so that each is a chunk of its own.
    private async Task AnswerAsync(HttpContext context, ReceivedRequest request)
    {
        const string Usage = """{"prompt_tokens":70,"completion_tokens":3,"total_tokens":73,"prompt_tokens_details":{"cached_tokens":64}}""";
        if (!System.Text.Encoding.UTF8.GetString(request.Body).Contains("\"stream\":true", StringComparison.Ordinal))
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync($$"""{"object":"text_completion","model":"plain","choices":[],"usage":{{Usage}}}""");
            return;
        }

        context.Response.ContentType = "text/event-stream";
        for (int i = 0; i < 3; i++)
        {
            await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"data: {{\"choices\":[{{\"index\":0,\"text\":\"w{i}\"}}]}}\n\n"));
            await context.Response.Body.FlushAsync();
            await _seen.WaitAsync();
        }

        await context.Response.WriteAsync($"data: {{\"choices\":[],\"usage\":{Usage}}}\n\ndata: [DONE]\n\n");
    }

    private static async Task<IEnumerable<string>> ComplaintsAsync(string promtool, string page)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(new ProcessStartInfo(promtool, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(page);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).DefaultTimeout();
        Assert.True(process.ExitCode is 0 or 3, await errors);

        // The "d" of llm_d, which the reference's names have, is taken for days.
        return (await output + await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !(line.StartsWith("llm_d_", StringComparison.Ordinal) && line.EndsWith("metric names should not contain abbreviated units", StringComparison.Ordinal)));
    }
}
