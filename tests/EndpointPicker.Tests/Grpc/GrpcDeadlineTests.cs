using EndpointPicker.Grpc;
using Testing;

namespace EndpointPicker.Tests.Grpc;

public sealed class GrpcDeadlineTests
{
    private const string Path = "/t.T/M";
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task Deadline_WhileReading_EndsTheRead() => await ExpectDeadlineAsync(async (stream, waiting) =>
    {
        Assert.True(await stream.ReadAsync());
        Assert.True(stream.TryReadMessage(out _));
        _ = waiting.WaitToContinueAsync();
        Assert.False(await stream.ReadAsync());
        return GrpcStatus.Ok;
    });

    [Fact]
    public async Task Deadline_WhileWaitingElsewhere_CancelsAborted() => await ExpectDeadlineAsync(async (stream, waiting) =>
    {
        _ = waiting.WaitToContinueAsync();
        await Task.Delay(Timeout.InfiniteTimeSpan, stream.Aborted);
        return GrpcStatus.Ok;
    });

    [Fact]
    public async Task Deadline_NotReached_ChangesNothing()
    {
        await using GrpcTestServer server = await StartAsync(new EchoMethod());
        using GrpcTestClient client = new(server.Port);
        GrpcTestAnswer answer = await client.SendAsync(EchoMethod.EchoPath, GrpcTestCall.Frame([1]), request => request.Headers.Add("grpc-timeout", "5S"));
        Assert.Equal("0", answer.Status);
        Assert.Equal(0, _clock.PendingTimers);
    }

    [Fact]
    public async Task Deadline_Malformed_IsInternal()
    {
        await using GrpcTestServer server = await StartAsync(new EchoMethod());
        using GrpcTestClient client = new(server.Port);
        GrpcTestAnswer answer = await client.SendAsync(EchoMethod.EchoPath, [], request => request.Headers.Add("grpc-timeout", "5 S"));
        Assert.Equal("13", answer.Status);
    }

    [Theory]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("2M", 1_200_000_000)]
    [InlineData("3S", 30_000_000)]
    [InlineData("4m", 40_000)]
    [InlineData("5u", 50)]
    [InlineData("600n", 6)]
    [InlineData("1n", 1)]
    [InlineData("0S", 0)]
    [InlineData("99999999H", 49 * 864_000_000_000)]
    public void TryParse_WellFormed_IsThatManyTicks(string text, long ticks)
    {
        Assert.True(GrpcTimeout.TryParse(text, out TimeSpan timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("5")]
    [InlineData("5s")]
    [InlineData("-5S")]
    [InlineData("+5S")]
    [InlineData(" 5S")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    public void TryParse_Malformed_IsRefused(string text) => Assert.False(GrpcTimeout.TryParse(text, out _));

    private async Task ExpectDeadlineAsync(Func<GrpcStream, SyncPoint, ValueTask<GrpcStatus>> handle)
    {
        SyncPoint waiting = new();
        await using GrpcTestServer server = await StartAsync(new DelegateMethod(Path, stream => handle(stream, waiting)));
        using GrpcTestClient client = new(server.Port);
        using GrpcTestCall call = client.Start(Path, request => request.Headers.Add("grpc-timeout", "1500m"));
        await call.SendAsync([1]);
        await waiting.Reached.DefaultTimeout();
        _clock.Advance(TimeSpan.FromMilliseconds(1_499));
        Assert.False(call.Response.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        GrpcTestAnswer answer = await call.ReadToEndAsync();
        Assert.Equal("4", answer.Status);
        Assert.Empty(server.Logged);
    }

    private Task<GrpcTestServer> StartAsync(GrpcMethod method) => GrpcTestServer.StartAsync(new GrpcTestSetup { Methods = [method], Clock = _clock });
}
