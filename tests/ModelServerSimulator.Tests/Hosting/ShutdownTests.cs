using ModelServerSimulator.Hosting;
using ModelServerSimulator.Tests.Http;
using Testing;

namespace ModelServerSimulator.Tests.Hosting;

public sealed class ShutdownTests
{
    private const string StreamRequest = """{"prompt":"tell me","max_tokens":100,"stream":true}""";

    [Fact]
    public async Task Stop_StreamUnderWay_IsServedToItsEnd()
    {
        await using RunningServer server = await StartAsync(new SimulatorOptions());
        using HttpResponseMessage stream = await server.StreamAsync("/v1/completions", StreamRequest).DefaultTimeout();

        Task stopped = server.App.StopAsync(TestContext.Current.CancellationToken);
        string body = await stream.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).DefaultTimeout();

        Assert.EndsWith("data: [DONE]\n\n", body, StringComparison.Ordinal);
        Assert.Equal(101, body.Split("data: ").Length - 1);
        await stopped.DefaultTimeout();
    }

    [Fact]
    public async Task Stop_NoTimeToDrain_StreamIsCut()
    {
        // So long that the stop comes while it lasts, however busy the machine is.
        const string LongStream = """{"prompt":"tell me","max_tokens":16000,"stream":true}""";
        await using RunningServer server = await StartAsync(new SimulatorOptions { DrainTimeout = TimeSpan.Zero });
        using HttpResponseMessage stream = await server.StreamAsync("/v1/completions", LongStream).DefaultTimeout();

        await server.App.StopAsync(TestContext.Current.CancellationToken).DefaultTimeout();

        await Assert.ThrowsAnyAsync<Exception>(() => stream.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).DefaultTimeout());
    }

    [Fact]
    public async Task OfRank_EachServer_HasItsOwnEngineLabelNameAndLoad()
    {
        SimulatorOptions options = new() { DataParallelSize = 2, Server = new() { Name = "pod" } };
        await using RunningServer first = await StartAsync(options.OfRank(0));
        await using RunningServer second = await StartAsync(options.OfRank(1));
        using HttpResponseMessage answer = await second.SendAsync("/v1/completions", """{"prompt":"tell me","max_tokens":3}""");

        Assert.Equal(["pod-1"], answer.Headers.GetValues("x-served-by"));
        await first.WaitForAsync("vllm:generation_tokens_total{engine=\"0\",model_name=\"demo-model\"}", 0).DefaultTimeout();
        await second.WaitForAsync("vllm:generation_tokens_total{engine=\"1\",model_name=\"demo-model\"}", 3).DefaultTimeout();
        Assert.DoesNotContain("engine=\"0\"", await second.GetAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public void OfRank_GivenPort_IsTheNext()
    {
        SimulatorOptions options = new() { DataParallelSize = 3, Server = new() { Port = 8000 }, Seed = 7 };

        Assert.Equal((8002, 9), (options.OfRank(2).Server.Port, options.OfRank(2).Seed));
        Assert.Equal("", options.OfRank(2).Server.Name);
    }

    private static Task<RunningServer> StartAsync(SimulatorOptions options) =>
        RunningServer.StartAsync(options with { Engine = options.Engine with { StepTime = TimeSpan.FromMilliseconds(2) } });
}
