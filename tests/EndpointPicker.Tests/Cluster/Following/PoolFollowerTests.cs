using EndpointPicker.Cluster.Api;
using EndpointPicker.Cluster.Following;
using EndpointPicker.Cluster.Resources;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Tests.DataLayer;
using Testing;
using Endpoint = EndpointPicker.Core.Endpoints.Endpoint;

namespace EndpointPicker.Tests.Cluster.Following;

public sealed class PoolFollowerTests : IDisposable
{
    private readonly PoolProbe _probe = new();
    private readonly FakePodFeeds _feeds = new();
    private readonly RequestRules _rules = new();
    private readonly RuleSources _sources = new();
    private readonly List<PoolStanding> _standings = [];
    private readonly RecordedLog _log = new();
    private PoolSources _pools = new(new PoolScope(""));
    private PoolFollower? _sut;
    private bool _selected;

    private IEnumerable<string> Members => _probe.Members;

    private string? Missing => _standings[^1].Missing;

    public void Dispose() => _sut?.Dispose();

    [Fact]
    public void Apply_PoolAndPods_FillThePoolOnceBothAreListed()
    {
        _feeds.Put(Objects.Pod("a"));
        Apply();
        Assert.Equal("waiting for the API server to tell of InferencePool demo/pool", Missing);
        _pools.Stable.Replace([Objects.Pool()]);
        Apply();
        Assert.Equal("listing the pods of demo/pool", Missing);
        Assert.False(_probe.Pool.Synced);
        Settle();
        Assert.Equal(new PoolStanding(null, Pending: true, "http"), _standings[^1]);
        Assert.Equal(["demo/a-rank-0 (10.0.0.1:8000)"], Members);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Apply_PoolListedDuringALook_IsNotCalledMissing(int look)
    {
        _pools.Experimental.Absent();
        int looks = 0;
        _pools.Stable.WatchedBy(() =>
        {
            if (++looks == look)
            {
                _pools.Stable.Replace([Objects.Pool()]);
            }

            return new WatchState(WatchPhase.Listing, "", DateTimeOffset.UnixEpoch);
        });

        Apply();
        Assert.True(Missing is "waiting for the API server to tell of InferencePool demo/pool" or "listing the pods of demo/pool", Missing);
        Assert.True(_standings[^1].Pending);

        Apply();
        Assert.Equal("listing the pods of demo/pool", Missing);
    }

    [Fact]
    public void Apply_RulesNotListed_IsNotReadyUntilTheyAre()
    {
        _pools.Stable.Replace([Objects.Pool()]);
        Apply();
        _feeds.List();
        Apply();
        Assert.Equal("listing the objectives and rewrites of demo/pool", Missing);
        AbsentRules();
        Apply();
        Assert.Null(Missing);
    }

    [Fact]
    public void Apply_RulesRefused_AreNotWaitedFor()
    {
        _pools.Stable.Replace([Objects.Pool()]);
        AbsentRules(exceptModels: true);
        _sources.Models.WatchedBy(() => new WatchState(WatchPhase.Failing, "may not list inferencemodels", DateTimeOffset.UnixEpoch));
        Apply();
        _feeds.List();
        Apply();
        Assert.Null(Missing);
    }

    /// <summary>The lists come at any moment, here just when it is asked whether they are still worth waiting for.</summary>
    [Fact]
    public void Apply_RulesComeMeanwhile_AreInForceBeforeTheyCountAsKnown()
    {
        _pools.Stable.Replace([Objects.Pool()]);
        AbsentRules(exceptModels: true);
        Apply();
        _feeds.List();
        _sources.Models.WatchedBy(() =>
        {
            _sources.Models.Replace([Objects.Model("food", "food", "Sheddable")]);
            return new WatchState(WatchPhase.Failing, "not listed a moment ago", DateTimeOffset.UnixEpoch);
        });
        Apply();
        Assert.Null(Missing);
        Assert.Equal(-1, _rules.Current!.ModelPriorities["food"]);
    }

    [Fact]
    public void Apply_PoolComesMeanwhile_IsNotTakenForMissingForGood()
    {
        _pools.Experimental.Absent();
        _pools.Stable.WatchedBy(() =>
        {
            _pools.Stable.Replace([Objects.Pool()]);
            return new WatchState(WatchPhase.Failing, "not listed a moment ago", DateTimeOffset.UnixEpoch);
        });
        Apply();
        Assert.True(_standings[^1].Pending, Missing);
    }

    [Fact]
    public void Apply_PodGone_LeavesAtOnce()
    {
        _feeds.Put(Objects.Pod("a"));
        _feeds.Put(Objects.Pod("b", "10.0.0.2"));
        Follow(Objects.Pool());
        _feeds.Put(Objects.Pod("a") with { Metadata = Objects.Named("a") with { Deleting = true } });
        Apply();
        Assert.Equal(["demo/b-rank-0 (10.0.0.2:8000)"], Members);
        _feeds.Put(Objects.Pod("b", "10.0.0.2", ready: false));
        Apply();
        Assert.Empty(Members);
        Assert.True(_probe.Pool.Synced);
    }

    [Fact]
    public void Apply_PodRelabelledOutOfTheSelector_Leaves()
    {
        _feeds.Put(Objects.Pod("a"));
        Follow(Objects.Pool());
        _feeds.Put(Objects.Pod("a", app: "other"));
        Apply();
        Assert.Empty(Members);
    }

    [Fact]
    public void Apply_LabelsChange_EndpointStaysTheSame()
    {
        _feeds.Put(Objects.Pod("a"));
        Follow(Objects.Pool(selector: ""));
        Endpoint before = Only();
        _feeds.Put(Objects.Pod("a", app: "new"));
        Apply();
        Assert.Same(before, Only());
        Assert.Equal("new", before.Labels["app"]);
    }

    [Fact]
    public void Apply_PodOfTheSameNameAndAddressButAnother_IsANewEndpoint()
    {
        _feeds.Put(Objects.Pod("a"));
        Follow(Objects.Pool());
        Endpoint before = Only();
        _feeds.Put(Objects.Pod("a") with { Metadata = Objects.Named("a") with { Uid = "uid-2" } });
        Apply();
        Assert.NotSame(before, Only());
    }

    [Fact]
    public void Apply_PodChangesItsAddress_IsANewEndpoint()
    {
        _feeds.Put(Objects.Pod("a"));
        Follow(Objects.Pool());
        Endpoint before = Only();
        _feeds.Put(Objects.Pod("a", "10.0.0.9"));
        Apply();
        Assert.NotSame(before, Only());
        Assert.Equal("10.0.0.9:8000", Only().Destination);
    }

    [Fact]
    public void Apply_PortsChange_PodsGetThemAndKeepTheirsInTheSamePlace()
    {
        _feeds.Put(Objects.Pod("a"));
        Follow(Objects.Pool());
        Endpoint before = Only();
        _pools.Stable.Put(Objects.Pool(ports: [8000, 8001]));
        Apply();
        Assert.Equal(["demo/a-rank-0 (10.0.0.1:8000)", "demo/a-rank-1 (10.0.0.1:8001)"], Members);
        Assert.Same(before, _probe.Pool.Current.Endpoints[0]);
    }

    [Fact]
    public void Apply_SelectorChanges_OldPodsServeUntilTheNewAreListed()
    {
        _feeds.Put(Objects.Pod("a"));
        _feeds.Put(Objects.Pod("b", "10.0.0.2", app: "other"));
        _feeds.Put(Objects.Pod("c", "10.0.0.3"));
        Follow(Objects.Pool());
        _pools.Stable.Put(Objects.Pool("app=other", ports: [9000]));
        Apply();
        Assert.Equal(["app=vllm", "app=other"], _feeds.Open());
        _feeds.Remove("c");
        Apply();
        Assert.Equal(["demo/a-rank-0 (10.0.0.1:8000)"], Members);
        Assert.Null(Missing);
        Settle();
        Assert.Equal(["app=other"], _feeds.Open());
        Assert.Equal(["demo/b-rank-0 (10.0.0.2:9000)"], Members);
    }

    [Fact]
    public void Apply_SelectorChangesBackBeforeItIsListed_NothingHappens()
    {
        _feeds.Put(Objects.Pod("a"));
        Follow(Objects.Pool());
        _pools.Stable.Put(Objects.Pool("app=other"));
        Apply();
        _pools.Stable.Put(Objects.Pool());
        Apply();
        Assert.Equal(["app=vllm"], _feeds.Open());
        Assert.Single(Members);
    }

    [Fact]
    public void Apply_PoolDeletedAndMadeAgain_EverythingIsThereAtOnce()
    {
        _feeds.Put(Objects.Pod("a"));
        _sources.Objectives.Replace([Objects.Objective("high", 7)]);
        Follow(Objects.Pool());
        _pools.Stable.Remove(Objects.Pool());
        Apply();
        Assert.False(_probe.Pool.Synced);
        Assert.Empty(Members);
        Assert.StartsWith("there is no InferencePool demo/pool of inference.networking.k8s.io/v1 or", Missing, StringComparison.Ordinal);
        Assert.Equal(7, Priority("high"));
        _pools.Stable.Put(Objects.Pool());
        Apply();
        Assert.Null(Missing);
        Assert.Single(Members);
        Assert.Equal(7, Priority("high"));
    }

    [Fact]
    public void Apply_PoolBeingDeleted_IsAsDeleted()
    {
        _feeds.Put(Objects.Pod("a"));
        Follow(Objects.Pool());
        _pools.Stable.Put(Objects.Pool() with { Metadata = Objects.Named("pool") with { Deleting = true } });
        Apply();
        Assert.False(_probe.Pool.Synced);
    }

    [Fact]
    public void Apply_BothVersions_TheStableOneIsInForce()
    {
        _feeds.Put(Objects.Pod("a"));
        _pools.Experimental.Replace([Objects.Pool(group: ApiGroups.Experimental, ports: [9000])]);
        Apply();
        Assert.Empty(_feeds.Open());
        _pools.Stable.Replace([Objects.Pool()]);
        AbsentRules();
        Apply();
        Settle();
        Assert.Equal(["demo/a-rank-0 (10.0.0.1:8000)"], Members);
        _pools.Stable.Remove(Objects.Pool());
        Apply();
        Assert.Equal(["demo/a-rank-0 (10.0.0.1:9000)"], Members);
        Assert.Equal(new PoolStanding(null, Pending: true, ""), _standings[^1]);
    }

    [Fact]
    public void Apply_StableVersionRefused_TheExperimentalOneServes()
    {
        _pools.Stable.WatchedBy(() => new WatchState(WatchPhase.Failing, "may not list inferencepools", DateTimeOffset.UnixEpoch));
        _pools.Experimental.Replace([Objects.Pool(group: ApiGroups.Experimental)]);
        AbsentRules();
        Apply();
        Settle();
        Assert.Null(Missing);
    }

    [Fact]
    public void Apply_GroupAskedFor_NoOtherCounts()
    {
        _pools = new PoolSources(new PoolScope(ApiGroups.Experimental));
        _sources.Objectives.Replace([Objects.Objective("stable", 1), Objects.Objective("own", 2, group: ApiGroups.Experimental)]);
        _pools.Stable.Replace([Objects.Pool()]);
        _pools.Experimental.Absent();
        Apply();
        Assert.Equal("the API server serves no InferencePools of inference.networking.x-k8s.io/v1alpha2: install their CRD, or correct --pool-group", Missing);
        Assert.Null(Priority("stable"));
        Assert.Equal(2, Priority("own"));
    }

    [Fact]
    public void Apply_NoKindServed_SaysWhatToInstall()
    {
        _pools.Stable.Absent();
        _pools.Experimental.Absent();
        Apply();
        Assert.Equal(
            "the API server serves no InferencePools of inference.networking.k8s.io/v1 or inference.networking.x-k8s.io/v1alpha2: install their CRD, or correct --pool-group", Missing);
    }

    [Fact]
    public void Apply_Objectives_OfThisPoolAndOfBothGroupsCount()
    {
        _sources.Objectives.Replace([Objects.Objective("moved", 1), Objects.Objective("away", 2, pool: "other"), Objects.Objective("foreign", 3, group: "example.com")]);
        _sources.LegacyObjectives.Replace([Objects.Objective("moved", 10), Objects.Objective("away", 11), Objects.Objective("old", 12)]);
        Follow(Objects.Pool());
        Assert.Equal((1, (int?)null, (int?)null, 12), (Priority("moved"), Priority("away"), Priority("foreign"), Priority("old")));

        _sources.Objectives.Put(Objects.Objective("moved", 1, pool: "other"));
        Apply();
        Assert.Null(Priority("moved"));
        _sources.Objectives.Remove(Objects.Objective("moved", 1));
        Apply();
        Assert.Equal(10, Priority("moved"));
        _sources.LegacyObjectives.Absent();
        Apply();
        Assert.Null(Priority("moved"));
    }

    [Fact]
    public void Apply_ExperimentalPool_ReferencesToEitherGroupMeanIt()
    {
        _sources.Objectives.Replace([Objects.Objective("stable", 1), Objects.Objective("own", 2, group: ApiGroups.Experimental)]);
        _pools.Stable.Absent();
        _pools.Experimental.Replace([Objects.Pool(group: ApiGroups.Experimental)]);
        Apply();
        Assert.Equal((1, 2), (Priority("stable"), Priority("own")));
        _pools.Stable.Replace([Objects.Pool()]);
        Apply();
        Assert.Equal((1, (int?)null), (Priority("stable"), Priority("own")));
    }

    [Fact]
    public void Apply_Models_GivePrioritiesAndRewrites()
    {
        _sources.Models.Replace([Objects.Model("food", "food", "Sheddable", targets: [new WeightedModel("food-1", null)])]);
        Follow(Objects.Pool());
        Assert.Equal(-1, _rules.Current!.ModelPriorities["food"]);
        Assert.Equal("food-1", _rules.Current.RewriteOf("food")!.Choose(new Random(1)));
        _sources.Rewrites.Replace([Objects.Rewrite("newer", "food", "food-2")]);
        Apply();
        Assert.Equal("food-2", _rules.Current!.RewriteOf("food")!.Choose(new Random(1)));
    }

    [Fact]
    public async Task Run_Burst_IsAFewSets()
    {
        ManualTimeProvider clock = new();
        using CancellationTokenSource stop = new();
        Follow(Objects.Pool());
        int sets = 0;
        PoolSnapshot last = _probe.Pool.Current;
        Task running = CreateSut().RunAsync(clock, stop.Token);
        for (int i = 0; i < 1000; i++)
        {
            _feeds.Put(Objects.Pod($"p{i}", $"10.0.{i / 250}.{1 + (i % 250)}"));
            sets += ReferenceEquals(last, _probe.Pool.Current) ? 0 : 1;
            last = _probe.Pool.Current;
        }

        Task changed = _probe.NextChange();
        clock.Advance(PoolFollower.Pause);
        await changed.DefaultTimeout();
        Assert.Equal(0, sets);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running).DefaultTimeout();
        Assert.Equal(1000, _probe.Pool.Current.Endpoints.Length);
    }

    [Fact]
    public void Apply_PoolOfTheCommandLine_IsToldAsPodsAndNotAsAnObject()
    {
        Follow(Objects.Pool() with { Group = "" });
        Assert.Empty(_log.Texts("Following"));
        Assert.Equal("Following the pods of namespace demo with app=vllm, ports 8000, as pool pool", Assert.Single(_log.Texts("FollowingPods")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_PoolGone_IsToldUnlessItWasSelectedByItsLabels(bool selected)
    {
        _selected = selected;
        Follow(Objects.Pool());
        _pools.Stable.Replace([]);
        Apply();
        Assert.False(_probe.Pool.Synced);
        Assert.Equal(selected ? [] : ["InferencePool demo/pool is there no more: its endpoints are not picked until it is back"], _log.Texts("Gone"));
    }

    [Fact]
    public void Apply_LegacyRules_AreToldOnceForAllPools()
    {
        _sources.LegacyObjectives.Replace([Objects.Objective("old", 12)]);
        Follow(Objects.Pool());
        using PoolFollower another = new(new FollowedPool(Objects.Space, new PoolProbe().Pool, new RequestRules(), _ => { }), _pools, _sources, _feeds, _log);
        another.Apply();
        Assert.Single(_log.Texts("LegacyRules"));
    }

    private PoolFollower CreateSut() =>
        _sut ??= new PoolFollower(new FollowedPool(Objects.Space, _probe.Pool, _rules, _standings.Add) { Selected = _selected }, _pools, _sources, _feeds, _log);

    private void Apply() => CreateSut().Apply();

    private void Settle()
    {
        AbsentRules();
        _feeds.List();
        Apply();
    }

    private void Follow(InferencePool pool)
    {
        _pools.Stable.Replace([pool]);
        _pools.Experimental.Absent();
        Apply();
        Settle();
    }

    private void AbsentRules(bool exceptModels = false)
    {
        Absent(_sources.Objectives);
        Absent(_sources.LegacyObjectives);
        Absent(_sources.Rewrites);
        Absent(_sources.LegacyRewrites);
        if (!exceptModels)
        {
            Absent(_sources.Models);
        }
    }

    private static void Absent<T>(ObjectSet<T> set)
        where T : class, IClusterObject
    {
        if (!set.Known)
        {
            set.Absent();
        }
    }

    private Endpoint Only() => Assert.Single(_probe.Pool.Current.Endpoints.ToArray());

    private int? Priority(string objective) => _rules.Current?.Objectives.TryGetValue(objective, out int priority) == true ? priority : null;
}
