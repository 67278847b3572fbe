using System.Buffers;
using EndpointPicker.Grpc;
using Testing;

namespace EndpointPicker.Tests.Grpc;

/// <summary>What Envoy depends on frame by frame.</summary>
public sealed class GrpcFrameTests
{
    private const string Path = "/t.T/M";

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 10)]
    [InlineData(3, 60_000)]
    [InlineData(1, 1_000_000)]
    public async Task End_WithUnflushedMessage_SendsItAndTheTrailersInOneWrite(int flushedBefore, int size)
    {
        WriteRecorder recorder = new();
        await using GrpcTestServer server = await StartAsync(
            async stream =>
            {
                for (int i = 0; i < flushedBefore; i++)
                {
                    Write(stream, 5);
                    await stream.FlushAsync(CancellationToken.None);
                }

                Write(stream, size);
                return GrpcStatus.Ok;
            },
            recorder);
        using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        await client.OpenAsync(1, Path);
        IReadOnlyList<RawHttp2Frame> frames = await client.ReadToEndAsync(1);

        RawHttp2Frame trailers = frames[^1];
        Assert.Equal(RawHttp2Frame.Headers, trailers.Type);
        Assert.Contains("grpc-status\u00010", trailers.Text, StringComparison.Ordinal);
        Assert.Equal((flushedBefore * 10) + 5 + size, frames.Where(frame => frame.Type == RawHttp2Frame.Data).Sum(frame => frame.Payload.Length));
        IReadOnlyList<RawHttp2Frame> lastWrite = recorder.Writes.Single(write => write.Any(frame => frame.Type == RawHttp2Frame.Headers && frame.EndsStream));
        RawHttp2Frame[] ofTheStream = [.. lastWrite.Where(frame => frame.StreamId == 1 && frame.Type is RawHttp2Frame.Data or RawHttp2Frame.Headers)];
        int trailersAt = Array.FindIndex(ofTheStream, frame => frame.EndsStream);
        int dataInIt = ofTheStream[..trailersAt].Where(frame => frame.Type == RawHttp2Frame.Data).Sum(frame => frame.Payload.Length);
        Assert.InRange(dataInIt, 5 + size, (flushedBefore * 10) + 5 + size);
    }

    [Fact]
    public async Task End_NothingWritten_IsOneFrame()
    {
        await using GrpcTestServer server = await StartAsync(_ => ValueTask.FromResult(GrpcStatus.InvalidArgument("no")));
        using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        await client.OpenAsync(1, Path);
        RawHttp2Frame frame = await client.ReadFrameAsync();
        Assert.Equal((RawHttp2Frame.Headers, true), (frame.Type, frame.EndsStream));
        Assert.Contains("grpc-status\u00013", frame.Text, StringComparison.Ordinal);
        Assert.Contains("application/grpc", frame.Text, StringComparison.Ordinal);

        // The client's half is still open: the server lets go of it without calling it an error.
        RawHttp2Frame reset = await client.ReadFrameAsync();
        Assert.Equal((RawHttp2Frame.Reset, 0), (reset.Type, reset.Payload[3]));
    }

    [Fact]
    public async Task Headers_BeforeTheFirstFlush_AreNotSent()
    {
        SyncPoint written = new();
        WriteRecorder recorder = new();
        await using GrpcTestServer server = await StartAsync(
            async stream =>
            {
                Write(stream, 10);
                await written.WaitToContinueAsync();
                return GrpcStatus.Ok;
            },
            recorder);
        using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        await client.OpenAsync(1, Path);
        await written.Reached.DefaultTimeout();
        Assert.DoesNotContain(recorder.Writes.SelectMany(write => write), frame => frame.StreamId == 1);
        written.Continue();
        await client.ReadToEndAsync(1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Reset_WhileReading_EndsQuietlyAndTheConnectionGoesOn(byte code)
    {
        TaskCompletionSource<(bool Reset, bool Aborted)> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SyncPoint reading = new();
        await using GrpcTestServer server = await StartAsync(async stream =>
        {
            CancellationToken aborted = stream.Aborted;
            Assert.True(await stream.ReadAsync());
            Assert.True(stream.TryReadMessage(out _));
            _ = reading.WaitToContinueAsync();
            Assert.False(await stream.ReadAsync());
            await Task.Delay(Timeout.InfiniteTimeSpan, aborted).ContinueWith(_ => { }, TaskScheduler.Default);
            seen.SetResult((stream.WasReset, aborted.IsCancellationRequested));
            return GrpcStatus.Ok;
        });
        using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        await client.OpenAsync(1, Path);
        await client.SendDataAsync(1, GrpcTestCall.Frame([1]));
        await reading.Reached.DefaultTimeout();
        await client.ResetAsync(1, code);
        Assert.Equal((true, true), await seen.Task.DefaultTimeout());

        await client.OpenAsync(3, "/t.T/Unknown");
        RawHttp2Frame answer = await client.ReadFrameAsync();
        Assert.Equal((3, true), (answer.StreamId, answer.EndsStream));
        Assert.Empty(server.Logged);
    }

    [Fact]
    public async Task Reset_WhileTheMethodWaitsForSomethingElse_CancelsAborted()
    {
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SyncPoint waiting = new();
        await using GrpcTestServer server = await StartAsync(async stream =>
        {
            _ = waiting.WaitToContinueAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, stream.Aborted).ContinueWith(_ => cancelled.SetResult(), TaskScheduler.Default);
            stream.Aborted.ThrowIfCancellationRequested();
            return GrpcStatus.Ok;
        });
        using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        await client.OpenAsync(1, Path);
        await waiting.Reached.DefaultTimeout();
        await client.ResetAsync(1, 8);
        await cancelled.Task.DefaultTimeout();
        await server.StopAsync().DefaultTimeout();
        Assert.Empty(server.Logged);
    }

    [Fact]
    public async Task Connection_Lost_EndsItsStreamsQuietly()
    {
        TaskCompletionSource<bool> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SyncPoint reading = new();
        await using GrpcTestServer server = await StartAsync(async stream =>
        {
            _ = reading.WaitToContinueAsync();
            Assert.False(await stream.ReadAsync());
            seen.SetResult(stream.WasReset);
            return GrpcStatus.Ok;
        });
        using (RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port))
        {
            await client.OpenAsync(1, Path);
            await reading.Reached.DefaultTimeout();
        }

        Assert.True(await seen.Task.DefaultTimeout());
        await server.StopAsync().DefaultTimeout();
        Assert.Empty(server.Logged);
    }

    [Fact]
    public async Task Stop_OpenStream_GoesAwayAndServesItToItsEnd()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(new EchoMethod());
        using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        await client.OpenAsync(1, EchoMethod.EchoPath);
        await client.SendDataAsync(1, GrpcTestCall.Frame([1]));
        Assert.Equal(RawHttp2Frame.Headers, (await client.ReadFrameAsync()).Type);
        Assert.Equal(RawHttp2Frame.Data, (await client.ReadFrameAsync()).Type);
        Task stopped = server.StopAsync();
        RawHttp2Frame goAway = await client.ReadFrameAsync();
        Assert.Equal((RawHttp2Frame.GoAway, 0), (goAway.Type, goAway.Payload[7]));
        Assert.False(stopped.IsCompleted);

        await client.SendDataAsync(1, GrpcTestCall.Frame([2]), end: true);
        IReadOnlyList<RawHttp2Frame> rest = await client.ReadToEndAsync(1);
        Assert.Equal([0, 0, 0, 0, 1, 2], rest[0].Payload);
        Assert.Contains("grpc-status\u00010", rest[^1].Text, StringComparison.Ordinal);

        // As Envoy does: a connection that is told to go away is closed with its last stream. Kestrel waits for that, or for any other sign of the client.
        client.Dispose();
        await stopped.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    private static void Write(GrpcStream stream, int size)
    {
        stream.BeginMessage(size);
        stream.Output.Write(new byte[size]);
    }

    private static Task<GrpcTestServer> StartAsync(Func<GrpcStream, ValueTask<GrpcStatus>> handle, WriteRecorder? recorder = null) =>
        GrpcTestServer.StartAsync(new GrpcTestSetup { Methods = [new DelegateMethod(Path, handle)], Listen = listen => recorder?.Attach(listen) });
}
