using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using EndpointPicker.LoadGenerator.Gateway;
using FunctionalTests.Harness;
using Microsoft.AspNetCore.Http;
using Testing;

namespace FunctionalTests.Process;

/// <summary>The metrics page after requests of every kind, as Prometheus itself judges it.</summary>
public sealed partial class MetricsPageTests : IDisposable
{
    // What the reference's page has, of the code that this picker has; its older twins after them.
    private static readonly string[] Names =
    [
        "llm_d_epp_request_total", "llm_d_epp_request_error_total", "llm_d_epp_request_duration_seconds", "llm_d_epp_request_size_bytes",
        "llm_d_epp_response_size_bytes", "llm_d_epp_request_input_tokens", "llm_d_epp_request_output_tokens", "llm_d_epp_request_cached_tokens",
        "llm_d_epp_request_running", "llm_d_epp_request_ntpot_seconds", "llm_d_epp_request_ttft_seconds", "llm_d_epp_request_streaming_tpot_seconds",
        "llm_d_epp_request_streaming_itl_seconds", "llm_d_epp_average_kv_cache_utilization", "llm_d_epp_average_queue_size",
        "llm_d_epp_average_running_requests", "llm_d_epp_std_dev_kv_cache_utilization", "llm_d_epp_std_dev_queue_size",
        "llm_d_epp_std_dev_running_requests", "llm_d_epp_ready_endpoints", "llm_d_epp_per_endpoint_queue_size",
        "llm_d_epp_scheduler_e2e_duration_seconds", "llm_d_epp_scheduler_attempts_total", "llm_d_epp_plugin_duration_seconds",
        "llm_d_epp_request_processing_duration_seconds", "llm_d_epp_response_processing_duration_seconds", "llm_d_epp_info",
        "llm_d_epp_datalayer_poll_errors_total", "llm_d_epp_extproc_streams_inflight", "llm_d_epp_extproc_stream_duration_seconds",
        "llm_d_epp_extproc_streams_total", "llm_d_epp_prefix_indexer_size", "llm_d_epp_prefix_indexer_hit_ratio", "llm_d_epp_prefix_indexer_hit_bytes",
        "inference_objective_request_total", "inference_objective_request_error_total", "inference_objective_request_duration_seconds",
        "inference_objective_request_sizes", "inference_objective_response_sizes", "inference_objective_input_tokens",
        "inference_objective_output_tokens", "inference_objective_prompt_cached_tokens", "inference_objective_running_requests",
        "inference_objective_normalized_time_per_output_token_seconds", "inference_pool_average_kv_cache_utilization",
        "inference_pool_average_queue_size", "inference_pool_average_running_requests", "inference_pool_ready_pods",
        "inference_pool_per_pod_queue_size", "inference_extension_scheduler_e2e_duration_seconds", "inference_extension_scheduler_attempts_total",
        "inference_extension_plugin_duration_seconds", "inference_extension_info", "llm_d_inference_scheduler_datalayer_poll_errors_total",
        "inference_extension_prefix_indexer_size", "inference_extension_prefix_indexer_hit_ratio", "inference_extension_prefix_indexer_hit_bytes",
        "process_cpu_seconds_total", "process_resident_memory_bytes", "process_start_time_seconds", "process_open_fds",
    ];

    private readonly SemaphoreSlim _seen = new(0);

    public void Dispose() => _seen.Dispose();

    [Fact]
    public async Task Page_AfterTraffic_HasTheReferencesNamesAndPassesPromtool()
    {
        string promtool = Tools.RequirePromtool();
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = AnswerAsync;
        await using EppProcess epp = await EppProcess.StartAsync([server.Port, 1], new EppSettings { Flags = ["--enable-grpc-stream-metrics=true"] });
        await using EnvoyGateway gateway = await EnvoyGateway.StartAsync(new GatewayOptions
        {
            Processor = new Uri($"http://127.0.0.1:{epp.GrpcPort}"),
            Endpoints = [server.Address],
            ResponseBodyMode = BodyMode.FullDuplexStreamed,
            SendResponseTrailers = true,
        });
        using HttpClient client = new() { BaseAddress = gateway.Address };
        while (await epp.MetricAsync("llm_d_epp_ready_endpoints") < 1)
        {
            await Task.Yield();
        }

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

        while (await epp.MetricAsync("llm_d_epp_extproc_streams_inflight") > 0 || await epp.MetricAsync("llm_d_epp_datalayer_poll_errors_total") == 0)
        {
            await Task.Yield();
        }

        string page = await epp.GetAsync("/metrics");
        string[] typed = [.. TypeLine().Matches(page).Select(match => match.Groups[1].Value)];
        Assert.Empty(Names.Except(typed));
        Assert.Equal(typed.Length, typed.Distinct().Count());
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

    [GeneratedRegex("^# TYPE ([^ ]+) ", RegexOptions.Multiline)]
    private static partial Regex TypeLine();
}
