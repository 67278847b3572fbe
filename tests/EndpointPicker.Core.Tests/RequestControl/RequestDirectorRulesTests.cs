using System.Text;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.PrefixCache;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Scheduling.Filters;
using EndpointPicker.Core.Scheduling.Producers;
using EndpointPicker.Core.Scheduling.Scorers;
using EndpointPicker.Core.Tests.Scheduling;

namespace EndpointPicker.Core.Tests.RequestControl;

public sealed class RequestDirectorRulesTests : IDisposable
{
    private const string Objective = "x-llm-d-inference-objective";
    private const string ObjectiveAlias = "x-gateway-inference-objective";
    private const string RewriteHeader = "x-llm-d-model-name-rewrite";
    private const string Rewrites = "llm_d_epp_model_rewrite_decisions_total";

    private readonly TestPool _pool = new(3);
    private readonly RequestRules _rules = new();
    private readonly MetricsRecorder _metrics = new();
    private readonly LogRecorder<RequestDirector> _log = new();

    public void Dispose() => _metrics.Dispose();

    [Theory]
    [InlineData("m", 0, PrioritySource.Default)]
    [InlineData("m", -5, PrioritySource.Objective, Objective, "batch")]
    [InlineData("m", -5, PrioritySource.Objective, ObjectiveAlias, "batch")]
    [InlineData("m", 9, PrioritySource.Objective, Objective, "urgent", ObjectiveAlias, "batch")]
    [InlineData("m", 0, PrioritySource.Default, Objective, "", ObjectiveAlias, "batch")]
    [InlineData("m", 0, PrioritySource.Default, Objective, "nobody's")]
    [InlineData("m", 0, PrioritySource.Objective, Objective, "plain")]
    [InlineData("critical", 2, PrioritySource.Model)]
    [InlineData("critical", 2, PrioritySource.Model, Objective, "nobody's")]
    [InlineData("critical", -5, PrioritySource.Objective, Objective, "batch")]
    [InlineData("critical", 0, PrioritySource.Objective, Objective, "plain")]
    public void Schedule_Priority_IsTheObjectivesElseTheModelsElseZero(string model, int priority, PrioritySource source, params string[] headers)
    {
        GivePriorities();
        DirectorFixture fixture = CreateSut();
        RequestState state = Read(fixture, Chat(model), [.. headers.Chunk(2).Select(pair => (pair[0], pair[1]))]);
        fixture.Schedule(state);

        Assert.Equal((priority, source), (state.Request.Priority, state.PrioritySource));
        state.Reset();
        Assert.Equal((0, PrioritySource.Default), (state.Request.Priority, state.PrioritySource));
    }

    [Fact]
    public void Schedule_PriorityBelowZero_IsShedBySaturation()
    {
        GivePriorities();
        DirectorFixture fixture = CreateSut(policy => policy with { SaturationDetector = new UtilizationDetector(_pool.Time, new UtilizationDetectorOptions()) });

        Assert.Equal(PickReason.Shed, fixture.Schedule(Read(fixture, Chat("m"), (Objective, "batch"))).Reason);
        Assert.Equal(PickReason.Scheduled, fixture.Schedule(Read(fixture, Chat("m"), (Objective, "urgent"))).Reason);
        Assert.Equal(PickReason.Shed, fixture.Schedule(Read(fixture, Chat("spare"))).Reason);
    }

    [Fact]
    public void Schedule_OnHeadersAlone_KnowsTheObjective()
    {
        GivePriorities();
        DirectorFixture fixture = CreateSut();
        RequestState without = fixture.Begin((":method", "GET"), (Objective, "batch"));
        fixture.Schedule(without, BodyEnd.None);
        RequestState late = fixture.Begin((Objective, "urgent"));
        fixture.Director.ScheduleNow(late, PickReason.DeadlineExceeded);

        Assert.Equal((-5, 9), (without.Request.Priority, late.Request.Priority));
        Assert.Equal([9, -5], fixture.Log.Snapshot().Select(decision => decision.Priority));
    }

    [Fact]
    public void Schedule_ObjectiveOfNobody_IsLoggedAndRecorded()
    {
        GivePriorities();
        DirectorFixture fixture = CreateSut();
        fixture.Schedule(Read(fixture, Chat("m"), (Objective, "nobody's")));

        Assert.Equal(["Debug: No objective is called nobody's; the request's priority is its model's, or 0."], _log.Lines);
        Decision decision = fixture.Log.Snapshot()[0];
        Assert.Equal(("nobody's", PrioritySource.Default, "pool"), (decision.Objective, decision.PrioritySource, decision.Pool));
    }

    [Theory]
    [InlineData("base", "base-v2", "canary")]
    [InlineData("other", "any", "all")]
    [InlineData("", "any", "all")]
    [InlineData("same", "same", "identity")]
    [InlineData("other", "any", "all", RewriteHeader, "by-header")]
    public void Schedule_Rewrites_ChooseByTheBodysModelAndOverrideTheHeader(string model, string target, string rewrite, params string[] headers)
    {
        _rules.ReplaceRewrites(
        [
            new ModelRewrite("all", [], [new("any", null)]),
            new ModelRewrite("canary", ["base"], [new("base-v2", 1)]),
            new ModelRewrite("later", ["base"], [new("never", 1)]),
            new ModelRewrite("identity", ["same"], [new("same", 1)]),
        ]);
        DirectorFixture fixture = CreateSut();
        RequestState state = Read(fixture, Chat(model), [.. headers.Chunk(2).Select(pair => (pair[0], pair[1]))]);
        Assert.Equal(PickReason.Scheduled, fixture.Schedule(state).Reason);

        Assert.Equal((model, target), (state.Request.Model, state.Request.TargetModel));
        Assert.Equal([$"{Rewrites}{{model_rewrite_name={rewrite},model_name={model},target_model={target}}} 1"], _metrics.Of(Rewrites));
        Decision decision = fixture.Log.Snapshot()[0];
        Assert.Equal((rewrite, model, target, false), (decision.Rewrite, decision.Model, decision.TargetModel, decision.RewritesSkipped));
    }

    [Fact]
    public void Schedule_RewriteOfOtherModels_LeavesHeaderAndModel()
    {
        _rules.ReplaceRewrites([new ModelRewrite("canary", ["base"], [new("base-v2", 1)])]);
        DirectorFixture fixture = CreateSut();
        RequestState byHeader = Read(fixture, Chat("m"), (RewriteHeader, "by-header"));
        fixture.Schedule(byHeader);
        RequestState plain = Read(fixture, Chat("m"));
        fixture.Schedule(plain);

        Assert.Equal(("by-header", "m"), (byHeader.Request.TargetModel, plain.Request.TargetModel));
        Assert.All(fixture.Log.Snapshot(), decision => Assert.Equal((null, false), (decision.Rewrite, decision.RewritesSkipped)));
        Assert.Empty(_metrics.Of(Rewrites));
        Assert.Equal("model not found in request body", fixture.Schedule(Read(fixture, Chat(""))).Message);
    }

    [Theory]
    [InlineData(BodyEnd.Complete)]
    [InlineData(BodyEnd.Cut)]
    public void Schedule_RewriteWithoutTargets_Is400(BodyEnd end)
    {
        _rules.ReplaceRewrites([new ModelRewrite("closed", ["base"], [])]);
        DirectorFixture fixture = CreateSut();
        SchedulingResult result = fixture.Schedule(Read(fixture, Chat("base")), end);

        Assert.Equal((PickReason.BadRequest, InferenceErrorCode.BadRequest, "model"), (result.Reason, result.Error, result.Parameter));
        Assert.Equal("no model to serve the request: the model rewrite closed has no targets", result.Message);
        Assert.Equal("model not found in request body", result.ReferenceMessage);
        Assert.Equal("closed", fixture.Log.Snapshot()[0].Rewrite);
        Assert.Equal([0, 0, 0], fixture.InFlight);
    }

    [Fact]
    public void Schedule_BodyThatIsNotSeenOrNotWhole_KeepsWhatTheServerWillRun()
    {
        _rules.ReplaceRewrites([new ModelRewrite("all", [], [new("any", 1)])]);
        DirectorFixture fixture = CreateSut();
        RequestState notSent = Begin(fixture);
        RequestState cutBefore = Begin(fixture);
        fixture.Director.Append(cutBefore, """{"messages":[{"role":"user","content":"xx"""u8);
        RequestState cutBehind = Begin(fixture);
        fixture.Director.Append(cutBehind, """{"model":"base","messages":[{"role":"user","content":"xx"""u8);
        fixture.Schedule(notSent, BodyEnd.None);
        fixture.Schedule(cutBefore, BodyEnd.Cut);
        fixture.Schedule(cutBehind, BodyEnd.Cut);
        RequestState unread = fixture.Begin((":path", "/tokenize"));
        fixture.Schedule(unread, BodyEnd.None);
        RequestState compressed = DirectorFixture.State("POST", "/v1/chat/completions");
        compressed.Request.Headers.Add("content-encoding"u8, "gzip"u8);
        fixture.Director.Begin(compressed);
        fixture.Schedule(compressed, BodyEnd.Complete);

        Assert.Equal(["", "", "any", "", ""], new[] { notSent, cutBefore, cutBehind, unread, compressed }.Select(state => state.Request.TargetModel));
        Assert.Equal([true, true, false, true, true], fixture.Log.Snapshot().Reverse().Select(decision => decision.RewritesSkipped));
        Assert.Single(_metrics.Of(Rewrites));
    }

    [Fact]
    public void Schedule_WithoutBody_SkipsNoRewrite()
    {
        _rules.ReplaceRewrites([new ModelRewrite("all", [], [new("any", 1)])]);
        DirectorFixture fixture = CreateSut();
        fixture.Schedule(fixture.Begin((":method", "GET"), (":path", "/v1/models")), BodyEnd.None);

        Assert.False(fixture.Log.Snapshot()[0].RewritesSkipped);
    }

    [Fact]
    public void Schedule_PluginFailsAfterTheRewrite_KeepsItsTarget()
    {
        _rules.ReplaceRewrites([new ModelRewrite("halves", ["base"], [new("a", 1), new("b", 1)])]);
        DirectorFixture fixture = CreateSut(policy => policy with { Scheduler = FakePlugins.Scheduler((new FakePlugins.Broken(), 1)) });
        HashSet<string> targets = [];
        for (int i = 0; i < 50; i++)
        {
            RequestState state = Read(fixture, Chat("base"));
            Assert.Equal(PickReason.InternalFault, fixture.Schedule(state).Reason);
            string target = state.Request.TargetModel;
            targets.Add(target);
            fixture.Director.ScheduleNow(state, PickReason.DeadlineExceeded);
            Assert.Equal(target, state.Request.TargetModel);
            Assert.Equal((PickReason.DeadlineExceeded, target, "halves"), (fixture.Log.Snapshot()[0].Reason, fixture.Log.Snapshot()[0].TargetModel, fixture.Log.Snapshot()[0].Rewrite));
            fixture.Director.End(state, StreamEnd.Completed);
        }

        Assert.Equal(["a", "b"], targets.Order());
        Assert.Equal(50, _metrics.Of(Rewrites).Length);
    }

    [Fact]
    public void Schedule_Canary_ConvergesToItsWeights()
    {
        const int Requests = 20_000;
        _rules.ReplaceRewrites([new ModelRewrite("canary", ["base"], [new("base", 90), new("base-v2", 10)])]);
        DirectorFixture fixture = CreateSut();
        int canaries = 0;
        for (int i = 0; i < Requests; i++)
        {
            RequestState state = Read(fixture, Chat("base"));
            fixture.Schedule(state);
            canaries += state.Request.TargetModel == "base-v2" ? 1 : 0;
            fixture.Director.End(state, StreamEnd.Completed);
        }

        // Five standard deviations.
        Assert.InRange(canaries / (double)Requests, 0.1 - 0.011, 0.1 + 0.011);
    }

    [Fact]
    public void Schedule_Rewritten_AdaptersAndPrefixesAreTheTargets()
    {
        _rules.ReplaceRewrites([new ModelRewrite("tune", ["base"], [new("sql", 1)])]);
        ApproximatePrefixProducerOptions options = new();
        ApproximatePrefixProducer prefixes = new(new PrefixIndex(options.Index), _pool.Pool, options);
        DirectorFixture fixture = CreateSut(policy => policy with
        {
            Scheduler = FakePlugins.Scheduler(
                [], [(new LoraAffinityScorer(_pool.Freshness), 1), (new PrefixCacheScorer(prefixes, new PrefixCacheScorerOptions()), 3)], prefixes),
        });
        for (int i = 0; i < 3; i++)
        {
            _pool.Publish(i, new EndpointSignals { MaxAdapters = 1, RunningAdapters = [i == 1 ? "sql" : "base"] });
        }

        string content = new('x', 4000);
        Assert.Equal("pod-1", fixture.ScheduleChat("base", content));
        fixture.ScheduleChat("sql", content);

        Decision direct = fixture.Log.Snapshot()[0];
        Assert.Equal(direct.PromptBlocks, direct.Candidates.Single(candidate => candidate.Endpoint == "pod-1").PrefixBlocks);
        Assert.True(direct.PromptBlocks > 10);
    }

    [Fact]
    public void Rewritten_MoreModelsThanTheBudget_NamesOfRulesStay()
    {
        _rules.ReplaceRewrites([new ModelRewrite("canary", ["base"], [new("base-v2", 1)]), new ModelRewrite("all", [], [new("any", 1)])]);
        DirectorFixture fixture = CreateSut();
        for (int i = 0; i < 1100; i++)
        {
            Run($"m{i}");
        }

        Run("base");
        string[] lines = _metrics.Of(Rewrites);
        Assert.Equal($"{Rewrites}{{model_rewrite_name=all,model_name=other,target_model=any}} 1", lines[^2]);
        Assert.Equal($"{Rewrites}{{model_rewrite_name=canary,model_name=base,target_model=base-v2}} 1", lines[^1]);
        Assert.Contains("model_name=base,target_model_name=base-v2,", _metrics.Of("llm_d_epp_request_total")[^1], StringComparison.Ordinal);
        Assert.Contains("model_name=other,target_model_name=any,", _metrics.Of("llm_d_epp_request_total")[^2], StringComparison.Ordinal);

        void Run(string model)
        {
            RequestState state = Read(fixture, Chat(model));
            fixture.Schedule(state);
            fixture.Director.End(state, StreamEnd.Completed);
        }
    }

    private static string Chat(string model) =>
        model.Length == 0 ? """{"messages":[{"role":"user","content":"x"}]}""" : $$"""{"model":"{{model}}","messages":[{"role":"user","content":"x"}]}""";

    private DirectorFixture CreateSut(Func<DecisionPolicy, DecisionPolicy>? policy = null)
    {
        DirectorFixture fixture = new(
            _pool, policy: made => (policy?.Invoke(made) ?? made) with { Rules = _rules }, metrics: new RequestMetrics(_metrics, _pool.Time), logger: _log);
        fixture.Log.Enabled = true;
        return fixture;
    }

    private static RequestState Begin(DirectorFixture fixture, params (string Name, string Value)[] headers) =>
        fixture.Begin([(":path", "/v1/chat/completions"), .. headers]);

    private static RequestState Read(DirectorFixture fixture, string body, params (string Name, string Value)[] headers)
    {
        RequestState state = Begin(fixture, headers);
        fixture.Director.Append(state, Encoding.UTF8.GetBytes(body));
        return state;
    }

    private void GivePriorities()
    {
        _rules.ReplaceObjectives(new Dictionary<string, int> { ["batch"] = -5, ["urgent"] = 9, ["plain"] = 0 });
        _rules.ReplaceModelPriorities(new Dictionary<string, int> { ["critical"] = 2, ["spare"] = -1 });
    }
}
