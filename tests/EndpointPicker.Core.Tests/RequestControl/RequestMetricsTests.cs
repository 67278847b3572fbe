using System.Text;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Scheduling;
using EndpointPicker.Core.Scheduling.Pickers;
using EndpointPicker.Core.Scheduling.Producers;
using EndpointPicker.Core.Scheduling.Profiles;
using EndpointPicker.Core.Scheduling.Scorers;
using EndpointPicker.Core.Tests.Scheduling;

namespace EndpointPicker.Core.Tests.RequestControl;

/// <summary>Names, labels and values as the reference's documentation has them.</summary>
public sealed class RequestMetricsTests : IDisposable
{
    private const string Labels = "model_name=m,target_model_name=t,fairness_id=team-a,priority=0";

    private readonly MetricsRecorder _recorder = new();
    private readonly TestPool _pool = new(1);
    private readonly DirectorFixture _fixture;

    public RequestMetricsTests() => _fixture = new DirectorFixture(_pool, metrics: new RequestMetrics(_recorder, _pool.Time));

    public void Dispose() => _recorder.Dispose();

    [Fact]
    public void StreamedAnswer_Completed_IsMeasured()
    {
        RequestState state = Place();
        Assert.Equal([$"llm_d_epp_request_total{{{Labels}}} 1"], _recorder.Of("llm_d_epp_request_total"));
        Assert.Equal([$"llm_d_epp_request_running{{{Labels}}} 1"], _recorder.Of("llm_d_epp_request_running"));

        Headers(state, "200", "text/event-stream");
        Body(state, 500, ": keep-alive\n\n");
        Body(state, 500, "data: {\"choices\":[{}]}\n\n");
        Body(state, 250, "data: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5,\"total_tokens\":12,\"prompt_tokens_details\":{\"cached_tokens\":3}}}\n\n");
        _pool.Time.Advance(TimeSpan.FromSeconds(1.75));
        _fixture.Director.End(state, StreamEnd.Completed);

        // 0.5 + 0.5 + 0.25 + 1.75 = 3 s; first token after 1 s; (3 - 1) / (5 - 1); 3 / 5
        Assert.Equal([$"llm_d_epp_request_duration_seconds{{{Labels}}} 3"], _recorder.Of("llm_d_epp_request_duration_seconds"));
        Assert.Equal([$"llm_d_epp_request_ttft_seconds{{{Labels},streaming=true}} 1"], _recorder.Of("llm_d_epp_request_ttft_seconds"));
        Assert.Equal([$"llm_d_epp_request_streaming_tpot_seconds{{{Labels}}} 0.5"], _recorder.Of("llm_d_epp_request_streaming_tpot_seconds"));
        Assert.Equal([$"llm_d_epp_request_ntpot_seconds{{{Labels}}} 0.6"], _recorder.Of("llm_d_epp_request_ntpot_seconds"));
        Assert.Equal(
            [$"llm_d_epp_request_streaming_itl_seconds{{{Labels}}} 0.5", $"llm_d_epp_request_streaming_itl_seconds{{{Labels}}} 0.25"],
            _recorder.Of("llm_d_epp_request_streaming_itl_seconds"));
        Assert.Equal([$"llm_d_epp_request_input_tokens{{{Labels}}} 7"], _recorder.Of("llm_d_epp_request_input_tokens"));
        Assert.Equal([$"llm_d_epp_request_output_tokens{{{Labels}}} 5"], _recorder.Of("llm_d_epp_request_output_tokens"));
        Assert.Equal([$"llm_d_epp_request_cached_tokens{{{Labels}}} 3"], _recorder.Of("llm_d_epp_request_cached_tokens"));
        Assert.EndsWith(" -1", _recorder.Of("llm_d_epp_request_running")[^1]);
    }

    [Fact]
    public void Request_RefusedByTheStream_IsCounted()
    {
        RequestState state = _fixture.BeginChat();
        _fixture.Director.Refuse(state, SchedulingResult.Refused(PickReason.BadRequest, InferenceErrorCode.PayloadTooLarge, "too large"));
        Assert.EndsWith("error_code=PayloadTooLarge} 1", Assert.Single(_recorder.Of("llm_d_epp_request_error_total")), StringComparison.Ordinal);
        Assert.Empty(_recorder.Of("llm_d_epp_request_total"));
    }

    [Fact]
    public void WholeAnswer_Completed_HasItsDurationAsTimeToFirstToken()
    {
        RequestState state = Place();
        Headers(state, "200", "application/json");
        Body(state, 1000, "{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":4,");
        Body(state, 1000, "\"total_tokens\":11}}");
        _fixture.Director.End(state, StreamEnd.Completed);

        Assert.Equal([$"llm_d_epp_request_ttft_seconds{{{Labels},streaming=false}} 2"], _recorder.Of("llm_d_epp_request_ttft_seconds"));
        Assert.Equal([$"llm_d_epp_request_ntpot_seconds{{{Labels}}} 0.5"], _recorder.Of("llm_d_epp_request_ntpot_seconds"));
        Assert.Equal(["llm_d_epp_response_processing_duration_seconds{} 2"], _recorder.Of("llm_d_epp_response_processing_duration_seconds"));
        Assert.Empty(_recorder.Of("llm_d_epp_request_streaming_itl_seconds"));
        Assert.Empty(_recorder.Of("llm_d_epp_request_streaming_tpot_seconds"));
    }

    [Fact]
    public void Refusal_AndServerError_AreCountedByCode()
    {
        RequestState refused = _fixture.BeginChat("");
        _fixture.Schedule(refused);
        _fixture.Director.End(refused, StreamEnd.Refused);
        RequestState failed = Place();
        Headers(failed, "503", "application/json");

        Assert.Equal(
            [
                "llm_d_epp_request_error_total{model_name=,target_model_name=,fairness_id=default-flow,priority=0,error_code=BadRequest} 1",
                $"llm_d_epp_request_error_total{{{Labels},error_code=ModelServerError}} 1",
            ],
            _recorder.Of("llm_d_epp_request_error_total"));
        Assert.Single(_recorder.Of("llm_d_epp_request_total"));
    }

    [Fact]
    public void Decision_HoweverItCameAbout_IsCountedByItsReason()
    {
        RequestState state = Place();
        _fixture.Director.ScheduleNow(state, PickReason.DeadlineExceeded);
        _fixture.Schedule(_fixture.BeginChat(""));

        Assert.Equal(
            [
                "llm_d_epp_decisions_total{reason=Scheduled} 1",
                "llm_d_epp_decisions_total{reason=DeadlineExceeded} 1",
                "llm_d_epp_decisions_total{reason=BadRequest} 1",
            ],
            _recorder.Of("llm_d_epp_decisions_total"));
    }

    [Theory]
    [InlineData(1 << 7, "UO")]
    [InlineData((1 << 5) | (1 << 15), "UF")]
    [InlineData(1 << 29, "UDO")]
    [InlineData(1UL << 30, "other")]
    [InlineData(1UL << 63, "other")]
    public void ProxysOwnError_IsCountedByItsFlag(ulong flags, string name)
    {
        Headers(Place(), "503", "text/plain", flags);

        Assert.Equal([$"llm_d_epp_proxy_errors_total{{flag={name}}} 1"], _recorder.Of("llm_d_epp_proxy_errors_total"));
    }

    [Fact]
    public void ModelServersOwnError_IsNoErrorOfTheProxy()
    {
        Headers(Place(), "503", "application/json");

        Assert.Empty(_recorder.Of("llm_d_epp_proxy_errors_total"));
    }

    [Fact]
    public void RequestWithoutBody_IsNotCounted()
    {
        RequestState state = DirectorFixture.State("GET", "/v1/models");
        _fixture.Director.Begin(state);
        Assert.True(_fixture.Schedule(state, BodyEnd.None).IsPicked);

        Assert.Empty(_recorder.Of("llm_d_epp_request_total"));
    }

    [Fact]
    public void FallbackAfterAPick_CountsOnce()
    {
        RequestState state = Place();
        _fixture.Director.ScheduleNow(state, PickReason.DeadlineExceeded);
        _fixture.Director.End(state, StreamEnd.Completed);

        Assert.Single(_recorder.Of("llm_d_epp_request_total"));
        Assert.Equal(2, _recorder.Of("llm_d_epp_request_running").Length);
    }

    [Fact]
    public void ModelNames_PastTheirBudget_AreFolded()
    {
        for (int i = 0; i < 1001; i++)
        {
            RequestState state = _fixture.BeginChat($"m{i}");
            _fixture.Schedule(state);
            _fixture.Director.End(state, StreamEnd.Abandoned);
        }

        RequestState known = _fixture.BeginChat("m0");
        _fixture.Schedule(known);
        string[] totals = _recorder.Of("llm_d_epp_request_total");

        Assert.StartsWith("llm_d_epp_request_total{model_name=m999,target_model_name=m999,", totals[999]);
        Assert.StartsWith("llm_d_epp_request_total{model_name=other,target_model_name=other,", totals[1000]);
        Assert.StartsWith("llm_d_epp_request_total{model_name=m0,", totals[1001]);
    }

    [Fact]
    public void InFlightGauges_FollowTheReservation()
    {
        Scheduler scheduler = FakePlugins.Scheduler([], [], new InflightLoadProducer(null, new InflightLoadProducerOptions()));
        DirectorFixture fixture = new(_pool, scheduler, metrics: new RequestMetrics(_recorder, _pool.Time));
        RequestState state = fixture.BeginChat("m");
        state.Request.Prompt.Tokens = 300;
        fixture.Schedule(state);
        fixture.Director.ResponseBody(state, "x"u8);
        fixture.Director.End(state, StreamEnd.Completed);
        string labels = "endpoint_name=pod-0,namespace=default,producer_name=producer-0,fairness_id=default-flow,priority=0";

        Assert.Equal(
            [$"llm_d_epp_inflight_requests{{{labels}}} 1", $"llm_d_epp_inflight_requests{{{labels}}} -1"], _recorder.Of("llm_d_epp_inflight_requests"));
        Assert.Equal(
            [$"llm_d_epp_inflight_tokens{{{labels}}} 300", $"llm_d_epp_inflight_tokens{{{labels}}} -300"], _recorder.Of("llm_d_epp_inflight_tokens"));
    }

    [Fact]
    public void Scheduler_Pick_TellsAttemptsAndPluginDurations()
    {
        SchedulingMetrics metrics = new(_recorder, _pool.Time);
        Scheduler scheduler = new(
            new SingleProfileHandler(),
            [
                new SchedulingProfile(
                    "default",
                    [new Named<IFilter>("keep", "my-keep", new FakePlugins.Keep(0))],
                    [new WeightedScorer(new Named<IScorer>("queue-scorer", "q", new QueueScorer(_pool.Freshness)), 1)],
                    new Named<IPicker>("max-score-picker", "p", new MaxScorePicker(new PickerOptions())))
            ],
            [new Named<IDataProducer>("fake", "f", new FakeProducer(1, 64))],
            metrics);
        DirectorFixture fixture = new(_pool, scheduler);
        fixture.Schedule(fixture.BeginChat("m"));

        Assert.Equal(
            ["llm_d_epp_scheduler_attempts_total{status=success,target_model_name=m,endpoint_name=pod-0,namespace=default,port=8000} 1"],
            _recorder.Of("llm_d_epp_scheduler_attempts_total"));
        Assert.Equal(["llm_d_epp_scheduler_e2e_duration_seconds{} 0"], _recorder.Of("llm_d_epp_scheduler_e2e_duration_seconds"));
        Assert.Equal(
            [
                "llm_d_epp_plugin_duration_seconds{extension_point=DataProducer,plugin_type=fake,plugin_name=f} 0",
                "llm_d_epp_plugin_duration_seconds{extension_point=Filter,plugin_type=keep,plugin_name=my-keep} 0",
                "llm_d_epp_plugin_duration_seconds{extension_point=Scorer,plugin_type=queue-scorer,plugin_name=q} 0",
                "llm_d_epp_plugin_duration_seconds{extension_point=Picker,plugin_type=max-score-picker,plugin_name=p} 0",
            ],
            _recorder.Of("llm_d_epp_plugin_duration_seconds"));
    }

    private RequestState Place()
    {
        RequestState state = DirectorFixture.State("POST", "/v1/chat/completions");
        state.Request.Headers.Add("x-llm-d-inference-fairness-id"u8, "team-a"u8);
        state.Request.Headers.Add("x-llm-d-model-name-rewrite"u8, "t"u8);
        _fixture.Director.Begin(state);
        _fixture.Director.Append(state, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"u8);
        Assert.True(_fixture.Schedule(state).IsPicked);
        return state;
    }

    private void Headers(RequestState state, string status, string contentType, ulong proxyFlags = 0)
    {
        HeaderTable headers = new();
        headers.Add(":status"u8, Encoding.ASCII.GetBytes(status));
        headers.Add("content-type"u8, Encoding.ASCII.GetBytes(contentType));
        _fixture.Director.ResponseHeaders(state, headers, new UpstreamFeedback(default, proxyFlags, 0));
    }

    private void Body(RequestState state, int afterMilliseconds, string text)
    {
        _pool.Time.Advance(TimeSpan.FromMilliseconds(afterMilliseconds));
        _fixture.Director.ResponseBody(state, Encoding.UTF8.GetBytes(text));
    }
}
