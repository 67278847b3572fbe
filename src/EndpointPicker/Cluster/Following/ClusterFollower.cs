using EndpointPicker.Cluster.Api;
using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Cluster.Following;

/// <summary>
/// Follows the pools of one namespace: one watch for each kind of pool and rule, whatever the number of pools, and one of pods for each pool.
/// </summary>
internal sealed class ClusterFollower : IPodFeeds, IAsyncDisposable
{
    private readonly ApiClient _client;
    private readonly ClusterMetrics _metrics;
    private readonly FollowContext _context;
    private readonly RuleSources? _rules;
    private readonly FaultNotices _notices;
    private readonly CancellationTokenSource _stop = new();

    // Protects the list of watches and the chance that seeds them: pools open and close watches of pods from loops of their own.
    private readonly Lock _opening = new();
    private readonly List<FollowedWatch> _watches = [];

    public ClusterFollower(ApiClient client, ClusterScope scope, FollowContext context)
    {
        _client = client;
        Scope = scope;
        _context = context;
        _metrics = new ClusterMetrics(context.Meters, () => Watches);
        _notices = new FaultNotices(context.Time, context.Loggers.CreateLogger<FaultNotices>());
        Pools = new PoolSources(scope.Pools);
        _rules = scope.FixedPool is null ? new RuleSources() : null;
    }

    /// <summary>What is followed.</summary>
    public ClusterScope Scope { get; }

    /// <summary>Where the API server was read from.</summary>
    public string Source => _client.Source;

    /// <summary>The longest of the present faults; <see langword="null"/> where all watches are well.</summary>
    public WatchState? Fault => Watches.Select(watch => watch.State).Where(state => state.Phase == WatchPhase.Failing).MinBy(state => state.Since);

    /// <summary>The pool objects.</summary>
    public PoolSources Pools { get; }

    /// <summary>The watches now.</summary>
    public IReadOnlyList<FollowedWatch> Watches
    {
        get
        {
            lock (_opening)
            {
                return [.. _watches];
            }
        }
    }

    /// <summary>Begins to follow what all pools have in common.</summary>
    public void Start()
    {
        if (Scope.FixedPool is { } pool)
        {
            Pools.Stable.Replace([pool]);
            return;
        }

        if (Scope.Pools.Stable)
        {
            Open(PoolQuery(InferenceKinds.Pools), InferencePool.TryRead, Pools.Stable);
        }

        if (Scope.Pools.Experimental)
        {
            Open(PoolQuery(InferenceKinds.ExperimentalPools), InferencePool.TryReadExperimental, Pools.Experimental);
        }

        Open(Query(InferenceKinds.Objectives), InferenceObjective.TryRead, _rules!.Objectives);
        Open(Query(InferenceKinds.LegacyObjectives), InferenceObjective.TryRead, _rules.LegacyObjectives);
        Open(Query(InferenceKinds.Rewrites), InferenceModelRewrite.TryRead, _rules.Rewrites);
        Open(Query(InferenceKinds.LegacyRewrites), InferenceModelRewrite.TryRead, _rules.LegacyRewrites);
        Open(Query(InferenceKinds.Models), InferenceModel.TryRead, _rules.Models);
    }

    /// <summary>Follows one pool until the token ends.</summary>
    public async Task FollowAsync(FollowedPool pool, CancellationToken cancellationToken)
    {
        using PoolFollower follower = new(pool, Pools, _rules, this, _context.Loggers.CreateLogger<PoolFollower>());
        await follower.RunAsync(_context.Time, cancellationToken);
    }

    public PodFeed Open(string space, string selector)
    {
        ObjectSet<Pod> pods = new();
        FollowedWatch watch = Open(new ResourceQuery(InferenceKinds.Pods, space) { LabelSelector = selector }, Pod.TryRead, pods);
        return new PodFeed(selector, pods, watch);
    }

    /// <summary>Ends all watches.</summary>
    public async ValueTask DisposeAsync()
    {
        IReadOnlyList<FollowedWatch> watches = Watches;
        await _stop.CancelAsync();
        await Task.WhenAll(watches.Select(watch => watch.Running));
        _stop.Dispose();
    }

    private FollowedWatch Open<T>(ResourceQuery query, ResourceReader<T> reader, ObjectSet<T> set)
        where T : class, IClusterObject
    {
        FollowedKind<T> followed = new(query, reader, set, new CountedSink<T>(set, query.Kind, _metrics));
        lock (_opening)
        {
            WatchContext context = new(_context.Time, new Random(_context.Random.Next()), _context.Loggers.CreateLogger<ResourceWatch<T>>(), _notices);
            FollowedWatch watch = FollowedWatch.Start(_client, followed, context, Forget, _stop.Token);
            _watches.Add(watch);
            return watch;
        }
    }

    private void Forget(FollowedWatch watch)
    {
        lock (_opening)
        {
            _watches.Remove(watch);
        }
    }

    // One name is asked for by name, which a Role may be restricted to; several share one watch of the namespace's pools.
    private ResourceQuery PoolQuery(ResourceKind kind) => Query(kind) with
    {
        FieldSelector = Scope.PoolNames.Count == 1 ? $"metadata.name={Scope.PoolNames[0]}" : "",
        LabelSelector = Scope.PoolSelector,
    };

    private ResourceQuery Query(ResourceKind kind) => new(kind, Scope.Namespace);
}
