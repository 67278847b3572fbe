using System.Diagnostics;
using System.Text;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Tests.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;

namespace EndpointPicker.Core.Tests.RequestControl;

public sealed class RequestTracingTests : IDisposable
{
    private const string Caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private readonly SpanRecorder _spans = new();
    private readonly TestPool _pool = new(3);
    private readonly RequestRules _rules = new();

    public void Dispose() => _spans.Dispose();

    [Fact]
    public void Request_Traced_HasTheReferencesSpansOneBelowTheOther()
    {
        RequestState state = Run(CreateSut(), [("traceparent", Caller), ("x-request-id", "r-1")]);
        Assert.Equal(
            ["filter_endpoints", "llm_d.epp.scorer.scorer-0", "llm_d.epp.scoring", "pick_endpoints", "run_scheduler_profile", "gateway.request_orchestration", "gateway.request"],
            _spans.Ended.Select(span => span.OperationName));
        Activity request = _spans.One("gateway.request");
        Activity decision = _spans.One("gateway.request_orchestration");
        Activity profile = _spans.One("run_scheduler_profile");
        Activity scoring = _spans.One("llm_d.epp.scoring");
        Assert.Equal(Caller[3..35], request.TraceId.ToHexString());
        Assert.Equal(Caller[36..52], request.ParentSpanId.ToHexString());
        Assert.Equal((ActivityKind.Server, ActivityKind.Server, ActivityKind.Internal), (request.Kind, decision.Kind, profile.Kind));
        Assert.Equal(request.SpanId, decision.ParentSpanId);
        Assert.Equal(decision.SpanId, profile.ParentSpanId);
        Assert.All(["filter_endpoints", "llm_d.epp.scoring", "pick_endpoints"], name => Assert.Equal(profile.SpanId, _spans.One(name).ParentSpanId));
        Assert.Equal(scoring.SpanId, _spans.One("llm_d.epp.scorer.scorer-0").ParentSpanId);
        Assert.All(_spans.Ended, span => Assert.Equal(request.TraceId, span.TraceId));
        Assert.Equal($"00-{request.TraceId}-{request.SpanId}-01", Encoding.ASCII.GetString(state.Trace!.TraceParent));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void Request_Traced_SpansSayWhatWasDecided()
    {
        Run(CreateSut(), [("x-request-id", "r-1")]);
        Assert.Equal([("gen_ai.request.id", "r-1"), ("gen_ai.request.model", "m")], Tags("gateway.request"));
        Assert.Equal([("llm_d.epp.reason", "Scheduled"), ("request_prio", 0), ("target_model", "m")], Tags("gateway.request_orchestration"));
        Assert.Equal([("llm_d.epp.scheduling.profile.name", "default")], Tags("run_scheduler_profile"));
        Assert.Equal([("llm_d.epp.filter.candidate_endpoints", 3), ("llm_d.epp.filter.filtered_endpoints", 2)], Tags("filter_endpoints"));
        Assert.Equal([("llm_d.epp.scorer.count", 1), ("llm_d.epp.scoring.candidate_endpoints", 2)], Tags("llm_d.epp.scoring"));
        Assert.Equal(
            [
                ("llm_d.epp.scorer.candidate_endpoints", 2), ("llm_d.epp.scorer.endpoints_scored", 2), ("llm_d.epp.scorer.name", "scorer-0"),
                ("llm_d.epp.scorer.score.avg", 0.5), ("llm_d.epp.scorer.score.max", 0.8), ("llm_d.epp.scorer.type", "scorer-0"), ("llm_d.epp.scorer.weight", 2.0),
            ],
            Tags("llm_d.epp.scorer.scorer-0"));
        Activity picking = _spans.One("pick_endpoints");
        Assert.Equal(2, picking.GetTagItem("llm_d.epp.picker.candidate_endpoints"));
        Assert.Equal(["default/pod-2", "default/pod-0"], (string[])picking.GetTagItem("llm_d.epp.picker.top_endpoints")!);
        Assert.Equal([1.6, 0.4], (double[])picking.GetTagItem("llm_d.epp.picker.top_scores")!);
        Assert.Equal("abc123", Assert.Single(picking.Source.Tags!).Value);
    }

    [Fact]
    public void Request_Ruled_SpanSaysByWhat()
    {
        _rules.ReplaceObjectives(new Dictionary<string, int> { ["batch"] = -3 });
        _rules.ReplaceRewrites([new ModelRewrite("canary", ["m"], [new ModelRewriteTarget("m-v2", null)])]);
        Run(CreateSut(), [("x-llm-d-inference-objective", "batch")]);
        Assert.Equal(
            [
                ("llm_d.epp.model_rewrite", "canary"), ("llm_d.epp.objective", "batch"), ("llm_d.epp.reason", "Scheduled"), ("request_prio", -3), ("target_model", "m-v2"),
            ],
            Tags("gateway.request_orchestration"));
        Assert.Contains(("gen_ai.request.model", "m"), Tags("gateway.request"));
    }

    [Fact]
    public void Request_Refused_SpansAreErrors()
    {
        Run(CreateSut(keeps: []), []);
        Assert.All(["gateway.request", "gateway.request_orchestration"], name => Assert.Equal(ActivityStatusCode.Error, _spans.One(name).Status));
        Assert.Equal("no endpoints available for the given request", _spans.One("gateway.request").StatusDescription);
        Assert.Equal("run_scheduler_profile", _spans.One("run_scheduler_profile").OperationName);
        Assert.DoesNotContain(_spans.Ended, span => span.OperationName == "pick_endpoints");
    }

    [Theory]
    [InlineData("200", ActivityStatusCode.Unset)]
    [InlineData("404", ActivityStatusCode.Unset)]
    [InlineData("503", ActivityStatusCode.Error)]
    public void Request_ServerAnswered_SpanHasItsStatus(string status, ActivityStatusCode expected)
    {
        Run(CreateSut(), [], status);
        Assert.Equal(expected, _spans.One("gateway.request").Status);
    }

    [Fact]
    public void Request_NotSampled_HasNoSpanAndNothingToSendOn()
    {
        RequestState state = Run(CreateSut(), [("traceparent", Caller[..53] + "00")]);
        Assert.Null(state.Trace);
        Assert.Empty(_spans.Ended);
    }

    [Fact]
    public void Request_DecidedAnew_BothDecisionsEnd()
    {
        RequestDirector sut = CreateSut();
        RequestState state = Begin(sut, []);
        sut.ScheduleNow(state, PickReason.DeadlineExceeded);
        sut.ScheduleNow(state, PickReason.DeadlineExceeded);
        sut.End(state, StreamEnd.Completed);
        Assert.Equal(2, _spans.Ended.Count(span => span.OperationName == "gateway.request_orchestration"));
    }

    private RequestDirector CreateSut(int[]? keeps = null) => new(
        _pool.Pool,
        new DecisionPolicy
        {
            Scheduler = FakePlugins.Scheduler([new FakePlugins.Keep(keeps ?? [0, 2])], [(new FakePlugins.Scores(0.2, 0.4, 0.8), 2)]),
            Freshness = _pool.Freshness,
            Rules = _rules,
        },
        new RequestTelemetry(null, null, NullLogger<RequestDirector>.Instance) { Tracing = _spans.Tracing },
        _pool.Time,
        new Random(7));

    private static RequestState Begin(RequestDirector sut, (string Name, string Value)[] headers)
    {
        RequestState state = new();
        state.Request.Headers.Add(":method"u8, "POST"u8);
        state.Request.Headers.Add(":path"u8, "/v1/completions"u8);
        foreach ((string name, string value) in headers)
        {
            state.Request.Headers.Add(Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(value));
        }

        Assert.True(sut.Begin(state));
        sut.Append(state, """{"model":"m","prompt":"p"}"""u8);
        return state;
    }

    private static RequestState Run(RequestDirector sut, (string Name, string Value)[] headers, string status = "200")
    {
        RequestState state = Begin(sut, headers);
        ValueTask<SchedulingResult> scheduling = sut.ScheduleAsync(state, BodyEnd.Complete, TestContext.Current.CancellationToken);
        Assert.True(scheduling.IsCompletedSuccessfully);
        HeaderTable response = new();
        response.Add(":status"u8, Encoding.ASCII.GetBytes(status));
        sut.ResponseHeaders(state, response, default);
        sut.End(state, StreamEnd.Completed);
        return state;
    }

    private IEnumerable<(string, object?)> Tags(string span) =>
        _spans.One(span).TagObjects.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => (tag.Key, tag.Value));
}
