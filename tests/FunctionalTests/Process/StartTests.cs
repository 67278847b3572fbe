using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FunctionalTests.Harness;
using Testing;

namespace FunctionalTests.Process;

/// <summary>From the command line to the first answer, or to the exit code.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Help_Asked_IsPrintedWithSuccess()
    {
        (int exit, string output) = await Run.ToEndAsync("--help");
        Assert.Equal(0, exit);
        Assert.Contains("--pool-name", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_Configured_SaysWhatIsInForceAndWhereItListens()
    {
        await using EppProcess epp = await EppProcess.StartAsync([8000]);
        string inForce = await epp.Process.WaitForLineAsync(line => line.Contains("\"event\":\"InForce\"", StringComparison.Ordinal));
        Assert.Contains(
            "config.yaml; profile default: queue-scorer x 2, kv-cache-utilization-scorer x 2, lora-affinity-scorer x 1, prefix-cache-scorer x 3, max-score-picker; "
            + "parsers: openai-parser, anthropic-parser, vllmhttp-parser, passthrough-parser; data sources: metrics-data-source with core-metrics-extractor; "
            + "discovery: file-discovery; 0 endpoints on the command line; traces: off",
            inForce,
            StringComparison.Ordinal);
        string listening = await epp.Process.WaitForLineAsync(line => line.Contains("\"event\":\"Listening\"", StringComparison.Ordinal));
        Assert.Contains($"ext_proc on {epp.GrpcPort} (TLS False, plaintext True, certificate none), health on {epp.HealthPort}", listening, StringComparison.Ordinal);
        Assert.Contains($"on {epp.MetricsPort} (for loopback and who has the right: /explain", listening, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_OfARunningPicker_EndsWithWhatItSays()
    {
        await using EppProcess epp = await EppProcess.StartAsync([8000], new EppSettings { Flags = ["--drain-timeout=4h"] });

        // Like an orchestrator, again and again: an answer that comes too late on a busy machine is none.
        await Polling.UntilAsync(() => Run.ToEndAsync($"--probe=127.0.0.1:{epp.HealthPort}"), told => told == (0, ""));
        epp.Process.Terminate();
        await epp.Process.WaitForLineAsync(line => line.Contains("\"event\":\"Draining\"", StringComparison.Ordinal));
        await Polling.UntilAsync(
            () => Run.ToEndAsync($"--probe=127.0.0.1:{epp.HealthPort}"), told => told == (1, $"epp: 127.0.0.1:{epp.HealthPort} is not serving"));
    }

    [Theory]
    [InlineData("127.0.0.1:1", 1, "127.0.0.1:1 does not answer: ")]
    [InlineData("9003", 2, "--probe=9003: expected ip:port")]
    public async Task Probe_InVain_SaysWhy(string address, int exit, string expected)
    {
        (int actual, string output) = await Run.ToEndAsync($"--probe={address}");
        Assert.Equal(exit, actual);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownFlag_Misspelled_IsRefusedWithASuggestion()
    {
        (int exit, string output) = await Run.ToEndAsync("--pol-name=p", "--grcp-port=1");
        Assert.Equal(2, exit);
        Assert.Contains("unknown flag: --pol-name; did you mean --pool-name?", output, StringComparison.Ordinal);
        Assert.Contains("unknown flag: --grcp-port; did you mean --grpc-port?", output, StringComparison.Ordinal);
    }

    /// <summary>The line with which the reference's own scripts start it.</summary>
    [Fact]
    public async Task ReferenceScriptLine_Given_Starts()
    {
        using Run run = new();
        string endpoints = run.Write("endpoints.yaml", "endpoints:\n- {name: a, address: 127.0.0.1, port: \"8000\"}\n");
        string config = run.Write("c.yaml", new EppSettings().Configuration(endpoints));
        await using ChildProcess process = ChildProcess.Start(
            BuiltPrograms.Epp,
            [
                "--pool-name", "p", "--pool-namespace", "default", "--config-file", config, "--grpc-port", "0", "--grpc-health-port", "0", "--metrics-port", "0",
                "--secure-serving=false", "--metrics-endpoint-auth=false", "--tracing=false", "--enable-pprof=false", "--zap-encoder", "json", "-v", "3",
            ]);
        string serving = await process.WaitForLineAsync(line => line.Contains("\"event\":\"Serving\"", StringComparison.Ordinal));
        Assert.Contains("\"msg\":\"Listening and warm, for p; ready\",\"pools\":\"p\",\"readiness\":\"ready\"", serving, StringComparison.Ordinal);
        Assert.DoesNotContain("\"level\":\"error\"", process.Output, StringComparison.Ordinal);
        Assert.Single(process.Output.Split('\n'), line => line.Contains("\"level\":\"warn\"", StringComparison.Ordinal) && line.Contains("--pool-namespace", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ConfigurationFile_Wrong_EveryMistakeIsNamedWithItsPlace()
    {
        using Run run = new();
        string config = run.Write("c.yaml", """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: queue-scorrer
            - type: max-score-picker
              parameters:
                maxNumOfEndpoints: many
            schedulingProfiles:
            - name: default
              plugins:
              - pluginRef: nobody
            """);
        (int exit, string output) = await Run.ToEndAsync("--endpoint=127.0.0.1:8000", $"--config-file={config}");
        Assert.Equal(1, exit);
        Assert.Contains($"{config}:4:9: error: ", output, StringComparison.Ordinal);
        Assert.Contains("queue-scorer", output, StringComparison.Ordinal);
        Assert.Contains($"{config}:7:24: error: ", output, StringComparison.Ordinal);
        Assert.Contains($"{config}:11:16: error: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parser_BehindTheOneThatTakesAll_IsNamedWithItsPlace()
    {
        using Run run = new();
        string config = run.Write("c.yaml", """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: queue-scorer
            - type: passthrough-parser
            - type: openai-parser
            requestHandler:
              parsers:
              - pluginRef: passthrough-parser
              - pluginRef: openai-parser
            schedulingProfiles:
            - name: default
              plugins:
              - pluginRef: queue-scorer
            """);
        (_, string output) = await Run.ToEndAsync($"--config-file={config}", "--endpoint=127.0.0.1:1", $"--cert-path={config}");
        Assert.Contains($"{config}:10:16: warning: 'openai-parser' is never asked", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EndpointFile_WrongAtStart_IsNamedWithItsPlace()
    {
        using Run run = new();
        string endpoints = run.Write("endpoints.yaml", "endpoints:\n- name: a\n  address: 127.0.0.1\n  port: \"70000\"\n");
        (int exit, string output) = await Run.ToEndAsync($"--config-file={run.Write("c.yaml", new EppSettings().Configuration(endpoints))}");
        Assert.Equal(1, exit);
        Assert.Contains($"{endpoints}:4:9: error: ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--tracing=false", "either pool-name or endpoint-selector must be set")]
    [InlineData("--pool-name=p", "no Kubernetes API server: KUBECONFIG is not set")]
    [InlineData("--pool-selector=app=vllm", "no Kubernetes API server: KUBECONFIG is not set")]
    public async Task Discovery_None_IsRefusedWithARemedy(string flag, string expected)
    {
        (int exit, string output) = await Run.ToEndAsync(flag);
        Assert.Equal(1, exit);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Contains("give --endpoint ip:port", output, StringComparison.Ordinal);
    }

    /// <summary>Whatever has started by then must neither crash the process nor add noise.</summary>
    [Theory]
    [InlineData("--grpc-port")]
    [InlineData("--grpc-health-port")]
    [InlineData("--metrics-port")]
    public async Task Port_Taken_IsOneErrorAndExitOne(string flag)
    {
        using TcpListener taken = new(IPAddress.IPv6Any, 0);
        taken.Server.DualMode = true;
        taken.Start();
        string port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        (int exit, string output) = await Run.ToEndAsync("--endpoint=127.0.0.1:1", "--secure-serving=false", $"{flag}={port}");
        Assert.Equal(1, exit);
        string[] lines = output.Split('\n');
        string error = Assert.Single(lines, line => line.Contains("\"level\":\"error\"", StringComparison.Ordinal));
        Assert.Contains(port, error, StringComparison.Ordinal);
        Assert.All(lines, line => Assert.StartsWith("{", line, StringComparison.Ordinal));
        Assert.DoesNotContain("stacktrace", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_Missing_IsOneErrorAndExitOne()
    {
        using Run run = new();
        string folder = Path.GetDirectoryName(run.Write("empty", ""))!;
        (int exit, string output) = await Run.ToEndAsync("--endpoint=127.0.0.1:1", $"--cert-path={folder}", "--enable-cert-reload=true");
        Assert.Equal(1, exit);
        string error = Assert.Single(output.Split('\n'), line => line.Contains("\"level\":\"error\"", StringComparison.Ordinal));
        Assert.Contains("tls.crt", error, StringComparison.Ordinal);
    }
}
