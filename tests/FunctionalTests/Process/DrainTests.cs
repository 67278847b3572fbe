using EndpointPicker.LoadGenerator.Client;
using Envoy.Service.ExtProc.V3;
using FunctionalTests.Harness;
using Testing;
using Status = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace FunctionalTests.Process;

/// <summary>From SIGTERM to the exit code.</summary>
public sealed class DrainTests
{
    private const string ForHours = "--drain-timeout=4h";

    [Fact]
    public async Task Terminated_WhileDraining_IsNotServingAndStillPicks()
    {
        await using EppProcess epp = await EppProcess.StartAsync([8000], new EppSettings { Flags = [ForHours] });
        using GrpcClient main = new(epp.GrpcPort);
        using GrpcClient health = new(epp.HealthPort);
        Assert.Equal((Status.Serving, Status.Serving), (await main.HealthAsync(), await health.HealthAsync()));
        Assert.Equal((200, "ok\n"), await ReadyAsync(epp));

        epp.Process.Terminate();
        await epp.Process.WaitForLineAsync(line => line.Contains("\"event\":\"Draining\"", StringComparison.Ordinal));

        Assert.Equal((Status.NotServing, Status.NotServing), (await main.HealthAsync(), await health.HealthAsync()));
        Assert.Equal((503, "not ready: draining\n"), await ReadyAsync(epp));
        Assert.Equal("ok\n", await epp.GetAsync("/healthz"));

        // On a connection of its own: new ones are still taken.
        using ExtProcClient client = new(new Uri($"http://127.0.0.1:{epp.GrpcPort}"));
        Assert.Equal("127.0.0.1:8000", await client.PickAsync());
    }

    [Fact]
    public async Task Terminated_StreamOpen_EndsItThenExitsWithSuccess()
    {
        await using EppProcess epp = await EppProcess.StartAsync(
            [8000], new EppSettings { Flags = ["--drain-timeout=0s", "--enable-grpc-stream-metrics=true"] });
        using ExtProcClient client = new(new Uri($"http://127.0.0.1:{epp.GrpcPort}"));
        await using ExtProcStream stream = client.Open(TestContext.Current.CancellationToken);
        Assert.True(await stream.SendAsync(ExtProcMessages.Headers(body: true)));

        // A second stream keeps the connection until the first one is read to its end: HttpClient drops answers that nobody has read yet when the connection ends
        // while its own half of the stream is open, though the server's half was complete.
        await using (ExtProcStream other = client.Open(TestContext.Current.CancellationToken))
        {
            Assert.True(await other.SendAsync(ExtProcMessages.Headers(body: true)));
            await epp.UntilMetricAsync("llm_d_epp_extproc_streams_inflight", 2);

            epp.Process.Terminate();
            await epp.Process.WaitForLineAsync(line => line.Contains("\"event\":\"Stopping\"", StringComparison.Ordinal));
            Assert.True(await stream.SendAsync(ExtProcMessages.Body("""{"model":"m","prompt":"p"}""")));

            ProcessingResponse? headers = await stream.ReadAsync().DefaultTimeout();
            Assert.True(headers is not null, stream.Status.ToString());
            Assert.Equal(ProcessingResponse.ResponseOneofCase.RequestHeaders, headers.ResponseCase);
            ProcessingResponse? body = await stream.ReadAsync().DefaultTimeout();
            Assert.True(body is not null, stream.Status.ToString());
            Assert.Equal("""{"model":"m","prompt":"p"}""", body.RequestBody.Response.BodyMutation.StreamedResponse.Body.ToStringUtf8());
            Assert.Null(await stream.ReadAsync().DefaultTimeout());
            Assert.True(stream.Status.IsOk, stream.Status.ToString());
        }

        Assert.Equal(0, await epp.Process.Exited.DefaultTimeout());
        Assert.Contains("\"event\":\"Stopped\"", epp.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TerminatedTwice_ExitsAtOnceWithOne()
    {
        await using EppProcess epp = await EppProcess.StartAsync([8000], new EppSettings { Flags = [ForHours] });
        epp.Process.Terminate();
        await epp.Process.WaitForLineAsync(line => line.Contains("\"event\":\"Draining\"", StringComparison.Ordinal));
        epp.Process.Terminate();
        Assert.Equal(1, await epp.Process.Exited.DefaultTimeout());
    }

    private static async Task<(int Status, string Text)> ReadyAsync(EppProcess epp)
    {
        using HttpClient client = new();
        using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://127.0.0.1:{epp.MetricsPort}/readyz"), TestContext.Current.CancellationToken).DefaultTimeout();
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
