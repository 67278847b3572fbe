using EndpointPicker.LoadGenerator.Load;
using EndpointPicker.LoadGenerator.Tests.Gateway;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Testing;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;
using Case = Envoy.Service.ExtProc.V3.ProcessingRequest.RequestOneofCase;

namespace EndpointPicker.LoadGenerator.Tests.Load;

public sealed class LoadRunnerTests : IAsyncLifetime
{
    private ScriptedProcessor _processor = null!;

    public async ValueTask InitializeAsync() => _processor = await ScriptedProcessor.StartAsync();

    public async ValueTask DisposeAsync() => await _processor.DisposeAsync();

    [Theory]
    [InlineData("headers", BodySendMode.None)]
    [InlineData("buffered", BodySendMode.Buffered)]
    [InlineData("fds", BodySendMode.FullDuplexStreamed)]
    public async Task Run_ServerThatAnswersWell_CountsStreamsAndPicks(string mode, BodySendMode expected)
    {
        _processor.Script = message => ScriptedProcessor.PassThrough(message, "10.0.0.1:8000", expected, BodySendMode.FullDuplexStreamed);

        LoadReport report = await RunAsync("--mode", mode, "--response-chunks", "3", "--prompt-bytes", "40000");

        Assert.Equal((0, null), (report.Errors, report.FirstError));
        Assert.True(report.Streams > 0);
        Assert.Equal((1, 1.0), (report.Endpoints, report.BusiestEndpointShare));
        Assert.All(_processor.Received.Where(message => message.RequestCase == Case.RequestHeaders), message => Assert.Equal(expected, message.ProtocolConfig.RequestBodyMode));
    }

    [Fact]
    public async Task Run_OpenLoop_SendsAtTheRate()
    {
        _processor.Script = message => ScriptedProcessor.PassThrough(message, "10.0.0.1:8000", BodySendMode.FullDuplexStreamed);

        LoadReport report = await RunAsync("--rate", "200");

        // Counted by when streams were due, so a slow machine does not change it; the generator is seeded.
        Assert.InRange(report.PerSecond, 100, 300);
        Assert.True(report.RequestPhaseUs.P50 <= report.RequestPhaseUs.P99);
    }

    [Fact]
    public async Task Run_EchoLosesAByte_IsAnError()
    {
        _processor.Script = message => message.RequestCase == Case.RequestBody && message.RequestBody.Body.Length > 0
            ? ScriptedProcessor.PassThrough(Shortened(message), null, BodySendMode.FullDuplexStreamed)
            : ScriptedProcessor.PassThrough(message, "10.0.0.1:8000", BodySendMode.FullDuplexStreamed);

        LoadReport report = await RunAsync("--mode", "fds");

        Assert.True(report.Errors > 0);
        Assert.Matches("^[0-9]+ of [0-9]+ bytes came back$", report.FirstError!);
    }

    [Fact]
    public async Task Run_NoDestination_IsAnErrorUnlessAllowed()
    {
        Assert.Equal("no destination was named", (await RunAsync("--mode", "headers")).FirstError);
        Assert.Null((await RunAsync("--mode", "headers", "--verify=false")).FirstError);
    }

    [Fact]
    public void Latencies_OneToAHundred_NearestRank()
    {
        Latencies latencies = Latencies.Of(Enumerable.Range(1, 100).Reverse().Select(i => TimeSpan.FromMicroseconds(i)));

        Assert.Equal((50, 90, 99, 100, 100), (latencies.P50, latencies.P90, latencies.P99, latencies.P999, latencies.Max));
    }

    [Theory]
    [InlineData("unknown option --port", "--port", "1")]
    [InlineData("--mode does not take \"grpc\"", "--mode", "grpc")]
    [InlineData("--streams does not take \"0\"", "--streams=0")]
    public void Parse_Mistake_IsNamed(string problem, params string[] arguments) => Assert.Equal(problem, LoadOptions.Parse(arguments).Problem);

    private static ProcessingRequest Shortened(ProcessingRequest message)
    {
        ProcessingRequest shortened = message.Clone();
        shortened.RequestBody.Body = ByteString.CopyFrom(message.RequestBody.Body.Span[..^1]);
        return shortened;
    }

    // On a busy machine no stream may end in time: then it is tried for longer.
    private async Task<LoadReport> RunAsync(params string[] arguments)
    {
        LoadReport report;
        int milliseconds = 400;
        do
        {
            LoadOptions options = LoadOptions.Parse(
                ["--target", _processor.Address.ToString(), "--streams", "2", "--warmup", "100ms", "--duration", $"{milliseconds}ms", .. arguments]);
            Assert.Null(options.Problem);
            report = await new LoadRunner(options).RunAsync(TestContext.Current.CancellationToken).DefaultTimeout();
            milliseconds *= 4;
        }
        while (report.Streams + report.Errors == 0 && milliseconds < 30_000);

        return report;
    }
}
