using System.Buffers.Binary;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.ExtProc;
using EndpointPicker.LoadGenerator.Rules;
using EndpointPicker.Tests.Grpc;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Testing;
using static Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types;

namespace EndpointPicker.Tests.ExtProc;

/// <summary>Whole streams over a real HTTP/2 connection.</summary>
public sealed class ExternalProcessorMethodTests : IAsyncDisposable
{
    private const string Path = "/envoy.service.ext_proc.v3.ExternalProcessor/Process";

    private readonly ScriptedControl _control = new();

    // Stands still: how a stream ended is told by how soon after the last answer it did.
    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _drain = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<StreamEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GrpcTestServer? _server;

    [Fact]
    public async Task Process_FullDuplexOfAMegabyte_ComesBackWhole()
    {
        using GrpcTestClient client = await StartAsync();
        using GrpcTestCall call = client.Start(Path);
        EnvoyRules rules = new(new EnvoyRulesOptions());
        byte[] body = new byte[1_000_000];
        new Random(1).NextBytes(body);

        await SendAsync(call, rules, Messages.RequestHeaders().In(BodySendMode.FullDuplexStreamed));
        foreach (byte[] chunk in body.Chunk(300_000))
        {
            await SendAsync(call, rules, Messages.RequestBody(chunk));
        }

        await SendAsync(call, rules, Messages.RequestBody("", end: true));
        while (!rules.IsSettled)
        {
            rules.OnReceived(ProcessingResponse.Parser.ParseFrom(await call.ReadMessageAsync()));
        }

        rules.Finish();
        Assert.Empty(rules.Violations);
        Assert.True(body.AsSpan().SequenceEqual(rules.RequestBodySentBack));
        await call.CompleteAsync();
        Assert.Equal("0", (await call.ReadToEndAsync()).Status);
        Assert.Equal(StreamEnd.RequestSent, await _ended.Task.DefaultTimeout());
    }

    [Fact]
    public async Task Process_RequestLifetime_EndsWithOkAfterTheLastAnswer()
    {
        using GrpcTestClient client = await StartAsync(new ExtProcOptions { Lifetime = StreamLifetime.Request });
        using GrpcTestCall call = client.Start(Path);
        EnvoyRules rules = new(new EnvoyRulesOptions());

        await SendAsync(call, rules, Messages.RequestHeaders().In(BodySendMode.FullDuplexStreamed));
        await SendAsync(call, rules, Messages.RequestBody("{}", end: true));
        GrpcTestAnswer answer = await call.ReadToEndAsync();

        Judge(answer, rules);
        Assert.Equal("0", answer.Status);
        Assert.Equal(StreamEnd.RequestSent, await _ended.Task.DefaultTimeout());
    }

    [Fact]
    public async Task Process_Garbage_EndsWithInvalidArgument()
    {
        using GrpcTestClient client = await StartAsync();

        GrpcTestAnswer answer = await client.SendAsync(Path, GrpcTestCall.Frame([0x12, 0x7F]));

        Assert.Equal("3", answer.Status);
        Assert.Equal("malformed ProcessingRequest", answer.Message);
    }

    [Fact]
    public async Task Process_Refused_SendsTheImmediateResponseAndEndsWithOk()
    {
        _control.Schedule = (_, _) => ValueTask.FromResult(SchedulingResult.Refused(PickReason.NoEndpoints, InferenceErrorCode.ServiceUnavailable, "none"));
        using GrpcTestClient client = await StartAsync();
        using GrpcTestCall call = client.Start(Path);
        EnvoyRules rules = new(new EnvoyRulesOptions());

        await SendAsync(call, rules, Messages.RequestHeaders().In(BodySendMode.FullDuplexStreamed));
        await SendAsync(call, rules, Messages.RequestBody("{}", end: true));
        GrpcTestAnswer answer = await call.ReadToEndAsync();

        Judge(answer, rules);
        Assert.Equal(503, (int)rules.Immediate!.Status.Code);
        Assert.Equal("0", answer.Status);
        Assert.Equal(StreamEnd.Refused, await _ended.Task.DefaultTimeout());
    }

    [Fact]
    public async Task Process_ResetWhileTheDecisionWaits_ReleasesTheRequestQuietly()
    {
        SyncPoint waiting = new();
        _control.Schedule = async (_, token) =>
        {
            Task resumed = waiting.WaitToContinueAsync();
            await resumed.WaitAsync(token);
            return SchedulingResult.Picked(PickReason.Scheduled);
        };
        using GrpcTestClient client = await StartAsync(new ExtProcOptions { DecisionTimeout = Timeout.InfiniteTimeSpan });
        using GrpcTestCall call = client.Start(Path);
        EnvoyRules rules = new(new EnvoyRulesOptions());
        await SendAsync(call, rules, Messages.RequestHeaders().In(BodySendMode.FullDuplexStreamed));
        await SendAsync(call, rules, Messages.RequestBody("{}", end: true));
        await waiting.Reached.DefaultTimeout();

        // HttpClient sends the reset once the request's content has noticed.
        call.Reset();
        await call.CompleteAsync();

        Assert.Equal(StreamEnd.Abandoned, await _ended.Task.DefaultTimeout());
        Assert.Empty(_server!.Logged);
    }

    [Fact]
    public async Task Process_DrainWhileIdle_EndsTheStreamsThatCanEnd()
    {
        using GrpcTestClient client = await StartAsync();
        using GrpcTestCall call = client.Start(Path);
        EnvoyRules rules = new(new EnvoyRulesOptions { RequestBodyMode = BodySendMode.Streamed, ResponseBodyMode = BodySendMode.Streamed });
        await SendAsync(call, rules, Messages.RequestHeaders(end: true).In(BodySendMode.Streamed, BodySendMode.Streamed));
        rules.OnReceived(ProcessingResponse.Parser.ParseFrom(await call.ReadMessageAsync()));

        await _drain.CancelAsync();

        Assert.Equal("0", (await call.ReadToEndAsync()).Status);
        Assert.Equal(StreamEnd.RequestSent, await _ended.Task.DefaultTimeout());
    }

    /// <summary>The connection is being closed meanwhile. Frame by frame, because HttpClient drops unread answers when the connection ends before its own half of the stream.</summary>
    [Theory]
    [InlineData(DrainMoment.BodyAwaited)]
    [InlineData(DrainMoment.MessageCut)]
    [InlineData(DrainMoment.Deciding)]
    public async Task Process_DrainBeforeTheAnswer_SendsAllOfItBack(DrainMoment moment)
    {
        SyncPoint deciding = new();
        _control.Schedule = async (_, _) =>
        {
            await deciding.WaitToContinueAsync();
            return SchedulingResult.Picked(PickReason.Scheduled);
        };
        using GrpcTestClient unused = await StartAsync(new ExtProcOptions { DecisionTimeout = Timeout.InfiniteTimeSpan });
        using RawHttp2Client client = await RawHttp2Client.ConnectAsync(_server!.Port);
        EnvoyRules rules = new(new EnvoyRulesOptions());
        ProcessingRequest headers = Messages.RequestHeaders().In(BodySendMode.FullDuplexStreamed);
        ProcessingRequest body = Messages.RequestBody("{}", end: true);
        rules.OnSent(headers);
        rules.OnSent(body);
        byte[] frame = GrpcTestCall.Frame(body.ToByteArray());
        await client.OpenAsync(1, Path);
        await client.SendDataAsync(1, GrpcTestCall.Frame(headers.ToByteArray()));
        await _begun.Task.DefaultTimeout();
        int sent = moment switch
        {
            DrainMoment.BodyAwaited => 0,
            DrainMoment.MessageCut => 7,
            _ => frame.Length,
        };
        await client.SendDataAsync(1, frame[..sent]);
        if (moment == DrainMoment.Deciding)
        {
            await deciding.Reached.DefaultTimeout();
        }

        await _drain.CancelAsync();
        Task stopped = _server.StopAsync();
        Assert.Equal(RawHttp2Frame.GoAway, (await client.ReadFrameAsync()).Type);
        await client.SendDataAsync(1, frame[sent..]);
        await deciding.Reached.DefaultTimeout();
        deciding.Continue();

        IReadOnlyList<RawHttp2Frame> frames = await client.ReadToEndAsync(1);
        byte[] answers = [.. frames.Where(one => one.Type == RawHttp2Frame.Data).SelectMany(one => one.Payload)];
        while (answers.Length > 0)
        {
            int end = 5 + BinaryPrimitives.ReadInt32BigEndian(answers.AsSpan(1));
            rules.OnReceived(ProcessingResponse.Parser.ParseFrom(answers[5..end]));
            answers = answers[end..];
        }

        Assert.Contains("grpc-status\u00010", frames[^1].Text, StringComparison.Ordinal);
        rules.OnEnded(ok: true);
        rules.Finish();
        Assert.Empty(rules.Violations);
        Assert.Equal("{}"u8, rules.RequestBodySentBack);

        // As Envoy does after a GOAWAY, when its last stream has ended.
        client.Dispose();
        await stopped.DefaultTimeout();
        Assert.Equal(StreamEnd.RequestSent, await _ended.Task.DefaultTimeout());
        Assert.Empty(_server.Logged);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _drain.Dispose();
    }

    private static async Task SendAsync(GrpcTestCall call, EnvoyRules rules, ProcessingRequest message)
    {
        rules.OnSent(message);
        await call.SendAsync(message.ToByteArray());
    }

    private static void Judge(GrpcTestAnswer answer, EnvoyRules rules)
    {
        foreach (byte[] message in answer.Messages)
        {
            rules.OnReceived(ProcessingResponse.Parser.ParseFrom(message));
        }

        rules.OnEnded(answer.Status == "0");
        rules.Finish();
        Assert.Empty(rules.Violations);
    }

    private async Task<GrpcTestClient> StartAsync(ExtProcOptions? options = null)
    {
        WatchedControl control = new(_control, _begun, _ended);
        _server = await GrpcTestServer.StartAsync(new ExternalProcessorMethod(
            control, options ?? new ExtProcOptions(), _time, NullLogger<ExternalProcessorMethod>.Instance, _drain.Token));
        return new GrpcTestClient(_server.Port);
    }

    /// <summary>What a stream waits for when the drain comes.</summary>
    public enum DrainMoment
    {
        BodyAwaited,
        MessageCut,
        Deciding,
    }

    private sealed class WatchedControl(ScriptedControl inner, TaskCompletionSource begun, TaskCompletionSource<StreamEnd> ended) : IRequestControl
    {
        public bool Begin(RequestState state)
        {
            begun.TrySetResult();
            return inner.Begin(state);
        }

        public void Append(RequestState state, ReadOnlySpan<byte> body) => inner.Append(state, body);

        public ValueTask<SchedulingResult> ScheduleAsync(RequestState state, BodyEnd end, CancellationToken cancellationToken) =>
            inner.ScheduleAsync(state, end, cancellationToken);

        public SchedulingResult ScheduleNow(RequestState state, PickReason reason) => inner.ScheduleNow(state, reason);

        public void Refuse(RequestState state, in SchedulingResult refusal) => inner.Refuse(state, refusal);

        public void ResponseHeaders(RequestState state, Core.Requests.HeaderTable headers, in UpstreamFeedback feedback) =>
            inner.ResponseHeaders(state, headers, feedback);

        public void ResponseBody(RequestState state, ReadOnlySpan<byte> body) => inner.ResponseBody(state, body);

        public void End(RequestState state, StreamEnd end) => ended.TrySetResult(end);
    }
}
