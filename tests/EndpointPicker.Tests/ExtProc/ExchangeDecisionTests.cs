using System.Text;
using System.Text.Json;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.ExtProc;
using EndpointPicker.LoadGenerator.Rules;
using Envoy.Service.ExtProc.V3;
using Testing;
using static Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types;

namespace EndpointPicker.Tests.ExtProc;

public sealed class ExchangeDecisionTests
{
    [Fact]
    public async Task FullDuplex_DecisionNeverComes_SendsAFallbackPickWithinTheBudget()
    {
        ExchangeDriver driver = Create(BodySendMode.FullDuplexStreamed);
        driver.Control.Schedule = NeverUnlessCancelled;

        Task<ExchangeStep> sending = driver.SendAsync(Headers(BodySendMode.FullDuplexStreamed), Messages.RequestBody("{}", end: true));
        driver.Time.Advance(TimeSpan.FromMilliseconds(399));
        Assert.False(sending.IsCompleted);
        driver.Time.Advance(TimeSpan.FromMilliseconds(1));
        await sending.DefaultTimeout();

        driver.Rules.Finish();
        Assert.Empty(driver.Rules.Violations);
        Assert.Equal([PickReason.DeadlineExceeded], driver.Control.ScheduledNow);
        Assert.Equal("10.0.0.7:8000", driver.Rules.DestinationHeader);
        Assert.Equal(0, driver.Time.PendingTimers);
    }

    [Fact]
    public async Task FullDuplex_NextStreamAfterATimedOutOne_HasAWholeBudgetAgain()
    {
        ExchangeDriver driver = Create(BodySendMode.FullDuplexStreamed);
        driver.Control.Schedule = NeverUnlessCancelled;
        Task<ExchangeStep> sending = driver.SendAsync(Headers(BodySendMode.FullDuplexStreamed), Messages.RequestBody("{}", end: true));
        driver.Time.Advance(TimeSpan.FromSeconds(1));
        await sending.DefaultTimeout();
        driver.Leave();

        driver.Recycle();
        CancellationToken seen = default;
        driver.Control.Schedule = (_, token) =>
        {
            seen = token;
            return ValueTask.FromResult(SchedulingResult.Picked(PickReason.Scheduled));
        };
        await driver.SendAsync(Headers(BodySendMode.FullDuplexStreamed), Messages.RequestBody("{}", end: true));

        Assert.False(seen.IsCancellationRequested);
        Assert.Equal([PickReason.DeadlineExceeded], driver.Control.ScheduledNow);
    }

    [Fact]
    public async Task FullDuplex_ProxyLeavesWhileTheDecisionWaits_EndsAbandonedWithoutAPick()
    {
        ExchangeDriver driver = Create(BodySendMode.FullDuplexStreamed);
        driver.Control.Schedule = NeverUnlessCancelled;

        Task<ExchangeStep> sending = driver.SendAsync(Headers(BodySendMode.FullDuplexStreamed), Messages.RequestBody("{}", end: true));
        await driver.Output.Abort.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.DefaultTimeout());
        driver.Leave();
        Assert.Empty(driver.Control.ScheduledNow);
        Assert.Equal([StreamEnd.Abandoned], driver.Control.Ends);
    }

    [Theory]
    [InlineData(nameof(ScriptedControl.Begin))]
    [InlineData(nameof(ScriptedControl.Append))]
    [InlineData(nameof(ScriptedControl.ScheduleAsync))]
    public async Task FullDuplex_DecisionThrows_SendsAFallbackPick(string where)
    {
        ExchangeDriver driver = Create(BodySendMode.FullDuplexStreamed);
        driver.Control.On = call => Throw(call == where);

        await driver.SendAsync(Headers(BodySendMode.FullDuplexStreamed), Messages.RequestBody("{}"), Messages.RequestBody("", end: true));

        driver.Rules.Finish();
        Assert.Empty(driver.Rules.Violations);
        Assert.Equal([PickReason.InternalFault], driver.Control.ScheduledNow);
    }

    [Fact]
    public async Task FullDuplex_FallbackThrowsToo_AnswersWith500InsteadOfHanging()
    {
        ExchangeDriver driver = Create(BodySendMode.FullDuplexStreamed);
        driver.Control.On = call => Throw(call is nameof(ScriptedControl.ScheduleAsync) or nameof(ScriptedControl.ScheduleNow));

        ExchangeStep step = await driver.SendAsync(Headers(BodySendMode.FullDuplexStreamed), Messages.RequestBody("{}", end: true));

        Assert.Equal(ExchangeStep.End, step);
        Assert.Equal(500, (int)driver.Rules.Immediate!.Status.Code);
        Assert.Equal([StreamEnd.Refused], driver.Control.Ends);
    }

    [Theory]
    [InlineData(nameof(ScriptedControl.ResponseHeaders))]
    [InlineData(nameof(ScriptedControl.ResponseBody))]
    public async Task Response_ObservationThrows_PassesUnharmed(string where)
    {
        ExchangeDriver driver = Create(BodySendMode.Buffered, BodySendMode.FullDuplexStreamed);
        driver.Control.On = call => Throw(call == where);

        await driver.SendAsync(Messages.RequestHeaders(end: true).In(BodySendMode.Buffered, BodySendMode.FullDuplexStreamed));
        await driver.SendAsync(Messages.ResponseHeaders(), Messages.ResponseBody("a"), Messages.ResponseBody("b", end: true));

        driver.Rules.Finish();
        Assert.Empty(driver.Rules.Violations);
        Assert.Equal("ab", Encoding.UTF8.GetString(driver.Rules.ResponseBodySentBack));
    }

    [Theory]
    [InlineData(InferenceErrorCode.BadRequest, 400, "invalid_request_error", null)]
    [InlineData(InferenceErrorCode.PreconditionFailed, 412, "invalid_request_error", null)]
    [InlineData(InferenceErrorCode.ResourceExhausted, 429, "rate_limit_error", "1")]
    [InlineData(InferenceErrorCode.Internal, 500, "server_error", null)]
    [InlineData(InferenceErrorCode.ServiceUnavailable, 503, "service_unavailable_error", "1")]
    public async Task Refused_ByDefault_AnswersInTheShapeOfOpenAi(InferenceErrorCode error, int status, string type, string? retryAfter)
    {
        ExchangeDriver driver = Create(BodySendMode.Buffered);
        driver.Control.Schedule = (_, _) => ValueTask.FromResult(
            SchedulingResult.Refused(PickReason.NoEndpoints, error, "what \"went\" wrong") with { Parameter = "model", DroppedReason = "rejected-x" });

        await driver.SendAsync(Headers(BodySendMode.Buffered));
        await driver.SendAsync(Messages.RequestBody("{}", end: true));

        Assert.Empty(driver.Rules.Violations);
        ImmediateResponse answer = driver.Rules.Immediate!;
        Assert.Equal(status, (int)answer.Status.Code);
        using JsonDocument json = JsonDocument.Parse(answer.Body.ToByteArray());
        JsonElement fields = json.RootElement.GetProperty("error");
        Assert.Equal("what \"went\" wrong", fields.GetProperty("message").GetString());
        Assert.Equal(type, fields.GetProperty("type").GetString());
        Assert.Equal("model", fields.GetProperty("param").GetString());
        Assert.False(string.IsNullOrEmpty(fields.GetProperty("code").GetString()));
        Dictionary<string, string> headers = answer.Headers.SetHeaders.ToDictionary(o => o.Header.Key, o => o.Header.RawValue.ToStringUtf8());
        Assert.Equal("application/json", headers["content-type"]);
        Assert.Equal("rejected-x", headers["x-llm-d-request-dropped-reason"]);
        Assert.Equal(retryAfter, headers.GetValueOrDefault("retry-after"));
        Assert.Equal([StreamEnd.Refused], driver.Control.Ends);
    }

    [Theory]
    [InlineData(BodySendMode.FullDuplexStreamed)]
    [InlineData(BodySendMode.Buffered)]
    public async Task BodyOverTheLimit_IsRefusedWith413AndHeldNoLonger(BodySendMode mode)
    {
        ExchangeDriver driver = Create(mode, options: new ExtProcOptions { MaxRequestBodyBytes = 100 });

        await driver.SendAsync(Headers(mode));
        if (mode == BodySendMode.FullDuplexStreamed)
        {
            await driver.SendAsync(Messages.RequestBody(new byte[100]));
            Assert.False(driver.Ended);
        }

        await driver.SendAsync(Messages.RequestBody(new byte[101]));

        Assert.Equal(413, (int)driver.Rules.Immediate!.Status.Code);
        Assert.Equal([InferenceErrorCode.PayloadTooLarge], driver.Control.Refusals);
        Assert.Empty(driver.Rules.Violations);
    }

    [Theory]
    [InlineData(BodySendMode.FullDuplexStreamed)]
    [InlineData(BodySendMode.Buffered)]
    [InlineData(BodySendMode.BufferedPartial)]
    public async Task Rewritten_Model_StandsInTheBodyAndComesBackInTheResponse(BodySendMode mode)
    {
        const string Body = "{\"stream\":false,\"model\":\"name\",\"prompt\":\"name\"}";
        BodySendMode responseMode = mode;
        ExchangeDriver driver = new(new EnvoyRulesOptions { RequestBodyMode = mode, ResponseBodyMode = responseMode, AllowRewrittenBodies = true });
        driver.Control.Schedule = (state, _) =>
        {
            state.Request.Model = "name";
            state.Request.TargetModel = "na\"me-v2";
            state.Request.ModelValue = 24..30;
            return ValueTask.FromResult(SchedulingResult.Picked(PickReason.Scheduled));
        };
        ProcessingRequest headers = Messages.RequestHeaders(false, ("content-length", Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)));

        await driver.SendAsync(headers.In(mode, responseMode));
        await driver.SendAsync(Messages.RequestBody(Body, end: true));
        await driver.SendAsync(Messages.ResponseHeaders(false, ("content-length", "44")));
        await driver.SendAsync(Messages.ResponseBody("{\"id\":1,\"model\":\"na\\\"me-v2\",\"x\":\"na\\\"me-v2\"}", end: true));

        driver.Rules.Finish();
        Assert.Empty(driver.Rules.Violations);
        Assert.Equal("{\"stream\":false,\"model\":\"na\\\"me-v2\",\"prompt\":\"name\"}", Encoding.UTF8.GetString(driver.Rules.RequestBodySentBack));
        Assert.Equal("{\"id\":1,\"model\":\"name\",\"x\":\"na\\\"me-v2\"}", Encoding.UTF8.GetString(driver.Rules.ResponseBodySentBack));
    }

    [Theory]
    [InlineData(BodySendMode.Buffered)]
    [InlineData(BodySendMode.FullDuplexStreamed)]
    public async Task Rewritten_ModelThatTheBodyLacks_IsPutIn(BodySendMode mode)
    {
        ExchangeDriver driver = new(new EnvoyRulesOptions { RequestBodyMode = mode, AllowRewrittenBodies = true });
        driver.Control.Schedule = (state, _) =>
        {
            state.Request.TargetModel = "v2";
            state.Request.ModelInsertion = 1;
            return ValueTask.FromResult(SchedulingResult.Picked(PickReason.Scheduled));
        };

        await driver.SendAsync(Messages.RequestHeaders(false).In(mode));
        await driver.SendAsync(Messages.RequestBody("{\"prompt\":\"x\"}"u8.ToArray(), end: true));

        Assert.Empty(driver.Rules.Violations);
        Assert.Equal("{\"model\":\"v2\",\"prompt\":\"x\"}", Encoding.UTF8.GetString(driver.Rules.RequestBodySentBack));
    }

    [Fact]
    public async Task Picks_SeveralAndIpv6_AreOneListWithoutSpaces()
    {
        ExchangeDriver driver = Create(BodySendMode.Streamed);
        driver.Control.Picks = [ScriptedControl.Second, ScriptedControl.First];

        await driver.SendAsync(Headers(BodySendMode.Streamed));

        Assert.Equal("[2001:db8::1]:8001,10.0.0.7:8000", driver.Rules.DestinationHeader);
        Assert.Equal(driver.Rules.DestinationHeader, driver.Rules.DestinationMetadata);
    }

    [Fact]
    public async Task Scores_WhereWanted_StandBesideTheDestination()
    {
        ExchangeDriver driver = Create(BodySendMode.Streamed, options: new ExtProcOptions { EmitEndpointScores = true });
        driver.Control.Schedule = (state, _) =>
        {
            Assert.True(state.Scores.Wanted);
            state.Scores.Set([ScriptedControl.First, ScriptedControl.Second], [0.25, 3]);
            return ValueTask.FromResult(SchedulingResult.Picked(PickReason.Scheduled));
        };

        await driver.SendAsync(Headers(BodySendMode.Streamed));

        Google.Protobuf.WellKnownTypes.Struct space = driver.Answers[0].DynamicMetadata.Fields["envoy.lb"].StructValue;
        Google.Protobuf.WellKnownTypes.Struct scores = space.Fields["x-gateway-destination-endpoint-scores"].StructValue;
        Assert.Equal(2, scores.Fields.Count);
        Assert.Equal(0.25, scores.Fields["10.0.0.7:8000"].NumberValue);
        Assert.Equal(3, scores.Fields["[2001:db8::1]:8001"].NumberValue);
        Assert.Equal("10.0.0.7:8000", space.Fields["x-gateway-destination-endpoint"].StringValue);
    }

    [Fact]
    public async Task Buffered_ForgedDestination_IsRemovedBeforeThePick()
    {
        ExchangeDriver driver = Create(BodySendMode.Buffered);

        await driver.SendAsync(Messages.RequestHeaders(false, ("X-Gateway-Destination-Endpoint", "6.6.6.6:1")).In(BodySendMode.Buffered));

        ProcessingResponse answer = Assert.Single(driver.Answers);
        Assert.Equal(["x-gateway-destination-endpoint"], answer.RequestHeaders.Response.HeaderMutation.RemoveHeaders);
        Assert.Empty(answer.RequestHeaders.Response.HeaderMutation.SetHeaders);
        Assert.Null(answer.DynamicMetadata);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ModeOverride_WhereAskedFor_CarriesAFallbackPickAndDecidesAnewOnTheBody(bool obeyed)
    {
        ExchangeDriver driver = new(
            new EnvoyRulesOptions { RequestBodyMode = BodySendMode.None, ResponseBodyMode = BodySendMode.Streamed, AllowModeOverride = obeyed },
            new ExtProcOptions { RequestBodyByModeOverride = true });

        await driver.SendAsync(Messages.RequestHeaders().In(BodySendMode.None, BodySendMode.Streamed));
        Assert.Equal("10.0.0.7:8000", driver.Rules.DestinationHeader);
        Assert.Equal(BodySendMode.Buffered, driver.Answers[0].ModeOverride.RequestBodyMode);
        Assert.Equal(BodySendMode.Streamed, driver.Answers[0].ModeOverride.ResponseBodyMode);
        driver.Control.Picks = [ScriptedControl.Second];
        if (obeyed)
        {
            await driver.SendAsync(Messages.RequestBody("{}", end: true));
        }

        await driver.SendAsync(Messages.ResponseHeaders(end: true));
        driver.Leave();

        driver.Rules.Finish();
        Assert.Empty(driver.Rules.Violations);
        Assert.Equal(obeyed ? "[2001:db8::1]:8001" : "10.0.0.7:8000", driver.Rules.DestinationHeader);
        Assert.Equal(obeyed ? [BodyEnd.None, BodyEnd.Complete] : [BodyEnd.None], driver.Control.Scheduled);
        Assert.Equal([StreamEnd.Completed], driver.Control.Ends);
    }

    [Fact]
    public async Task ModeOverride_WithFullDuplexResponses_IsNotAskedForBecauseEnvoyIgnoresIt()
    {
        ExchangeDriver driver = new(
            new EnvoyRulesOptions { RequestBodyMode = BodySendMode.None, ResponseBodyMode = BodySendMode.FullDuplexStreamed },
            new ExtProcOptions { RequestBodyByModeOverride = true });

        await driver.SendAsync(Messages.RequestHeaders().In(BodySendMode.None, BodySendMode.FullDuplexStreamed));

        Assert.Null(Assert.Single(driver.Answers).ModeOverride);
    }

    [Theory]
    [InlineData(BodySendMode.Buffered, false, BodyEnd.Complete)]
    [InlineData(BodySendMode.BufferedPartial, false, BodyEnd.Cut)]
    [InlineData(BodySendMode.BufferedPartial, true, BodyEnd.Complete)]
    public async Task Buffered_BodyWithoutEndOfStream_IsCutOnlyInThePartialMode(BodySendMode mode, bool end, BodyEnd expected)
    {
        ExchangeDriver driver = Create(mode);

        await driver.SendAsync(Headers(mode));
        await driver.SendAsync(Messages.RequestBody("{\"a", end));

        Assert.Equal([expected], driver.Control.Scheduled);
    }

    [Fact]
    public async Task ResponseHeaders_WithAttributes_TellTheDecisionWhoServed()
    {
        ExchangeDriver driver = Create(BodySendMode.Streamed);
        await driver.SendAsync(Headers(BodySendMode.Streamed));
        ProcessingRequest response = Messages.ResponseHeaders();
        response.Attributes["envoy.filters.http.ext_proc"] = new Google.Protobuf.WellKnownTypes.Struct
        {
            Fields =
            {
                ["upstream.address"] = Google.Protobuf.WellKnownTypes.Value.ForString("10.0.0.9:1"),
                ["response.flags"] = Google.Protobuf.WellKnownTypes.Value.ForNumber(128),
            },
        };

        await driver.SendAsync(response);

        Assert.Equal("10.0.0.9:1", driver.Control.Served);
        Assert.Equal(128ul, driver.Control.Flags);
        Assert.Equal("200", driver.Control.Status);
    }

    [Theory]
    [InlineData(50, StreamEnd.RequestSent)]
    [InlineData(5000, StreamEnd.Abandoned)]
    public async Task Streamed_PeerEndsAfterTheRequest_IsReadFromTheTime(int afterMilliseconds, StreamEnd expected)
    {
        ExchangeDriver driver = Create(BodySendMode.Streamed);
        await driver.SendAsync(Headers(BodySendMode.Streamed));
        await driver.SendAsync(Messages.RequestBody("{}", end: true));
        driver.Time.Advance(TimeSpan.FromMilliseconds(afterMilliseconds));

        driver.Leave();

        Assert.Equal([expected], driver.Control.Ends);
    }

    [Fact]
    public async Task Buffered_PeerEndsAfterTheBody_IsTheResponsesEnd()
    {
        ExchangeDriver driver = Create(BodySendMode.Buffered);
        await driver.SendAsync(Headers(BodySendMode.Buffered));
        await driver.SendAsync(Messages.RequestBody("{}", end: true));

        driver.Leave();

        Assert.Equal([StreamEnd.Completed], driver.Control.Ends);
    }

    [Fact]
    public async Task RequestLifetime_FullDuplexResponse_EndsOnlyInTheWriteOfTheLastAnswer()
    {
        ExchangeDriver driver = new(
            new EnvoyRulesOptions { ResponseBodyMode = BodySendMode.FullDuplexStreamed }, new ExtProcOptions { Lifetime = StreamLifetime.Request });
        await driver.SendAsync(Headers(BodySendMode.FullDuplexStreamed, BodySendMode.FullDuplexStreamed));
        Assert.False(driver.Ended);

        // A local reply came with the end of the body: its chunks are on their way and would be lost.
        await driver.SendAsync(Messages.RequestBody("{}", end: true), Messages.ResponseHeaders());
        Assert.False(driver.Ended);
        await driver.SendAsync(Messages.ResponseBody("x", end: true));

        driver.Rules.Finish();
        Assert.Empty(driver.Rules.Violations);
        Assert.False(driver.Ended);
    }

    [Fact]
    public async Task Drain_WhileTheBodyIsHeld_ServesTheStreamToItsEnd()
    {
        ExchangeDriver driver = Create(BodySendMode.FullDuplexStreamed);
        await driver.SendAsync(Headers(BodySendMode.FullDuplexStreamed));
        driver.Drain();
        Assert.False(driver.Ended);

        await driver.SendAsync(Messages.RequestBody("{}", end: true));

        driver.Rules.Finish();
        Assert.Empty(driver.Rules.Violations);
        Assert.True(driver.Ended);
        Assert.Equal([StreamEnd.RequestSent], driver.Control.Ends);
    }

    private static async ValueTask<SchedulingResult> NeverUnlessCancelled(RequestState state, CancellationToken token)
    {
        await Task.Delay(Timeout.Infinite, token);
        return default;
    }

    private static void Throw(bool now)
    {
        if (now)
        {
            throw new InvalidOperationException("a plugin's bug");
        }
    }

    private static ProcessingRequest Headers(BodySendMode mode, BodySendMode response = BodySendMode.None) => Messages.RequestHeaders().In(mode, response);

    private static ExchangeDriver Create(BodySendMode mode, BodySendMode response = BodySendMode.None, ExtProcOptions? options = null) =>
        new(new EnvoyRulesOptions { RequestBodyMode = mode, ResponseBodyMode = response }, options);
}
