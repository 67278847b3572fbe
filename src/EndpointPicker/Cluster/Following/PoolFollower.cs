using System.Threading.Channels;
using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Cluster.Following;

/// <summary>
/// Keeps one pool as its object, its pods and the objects that name it say. What is published is a function of the last state of all of them
/// alone, so it does not matter in which order the watches tell.
/// </summary>
internal sealed partial class PoolFollower : IDisposable
{
    // After a change the pool is left alone this long: a burst of a thousand pods becomes a few dozen sets, and a single removal is published at once.
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // Faults of a watch do not come as changes; how the pool stands is told anew this often.
    internal static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    private readonly FollowedPool _target;
    private readonly PoolSources _pools;
    private readonly RuleSources? _rules;
    private readonly ILogger _logger;
    private readonly PoolPods _pods;
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private InferencePool? _inForce;
    private string _group = "";
    private (long Version, string Group)? _ruled;

    /// <param name="target">The pool.</param>
    /// <param name="pools">The pool objects of its namespace.</param>
    /// <param name="rules">The objectives, rewrites and models of its namespace; <see langword="null"/> where there are none.</param>
    /// <param name="feeds">Watches its pods.</param>
    /// <param name="logger">Takes what changes.</param>
    public PoolFollower(FollowedPool target, PoolSources pools, RuleSources? rules, IPodFeeds feeds, ILogger logger)
    {
        _target = target;
        _pools = pools;
        _rules = rules;
        _logger = logger;
        _pods = new PoolPods(target.Namespace, feeds, Wake);
    }

    private string Name => _target.Endpoints.Name;

    /// <summary>Follows until the token ends.</summary>
    public async Task RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        _pools.Changed += Wake;
        _rules?.Changed += Wake;
        await using ITimer refresh = time.CreateTimer(_ => Wake(), null, Refresh, Refresh);
        try
        {
            while (true)
            {
                Apply();
                await Task.Delay(Pause, time, cancellationToken);
                await _changes.Reader.ReadAsync(cancellationToken);
            }
        }
        finally
        {
            _pools.Changed -= Wake;
            _rules?.Changed -= Wake;
        }
    }

    public void Dispose() => _pods.Dispose();

    /// <summary>Publishes what the objects say now.</summary>
    internal void Apply()
    {
        // What is known is asked before the objects are: what comes in between is published before it counts as known, or as missing.
        bool poolsKnown = _pools.Known;
        bool poolsSettled = _pools.Settled;
        bool rulesSettled = _rules is null || _rules.Settled;
        InferencePool? pool = _pools.Find(Name);
        Tell(pool);
        _inForce = pool;
        if (pool is not null)
        {
            _group = pool.Group;
            _pods.Follow(pool);
            if (_pods.DescribeChanged() is { } endpoints)
            {
                _target.Endpoints.Replace(endpoints);
                Log.Endpoints(_logger, Name, endpoints.Count);
            }
        }
        else
        {
            // The watch of its pods goes on, and so do the rules: if the pool comes back, everything is there at once.
            _pods.Rest();
            if (_target.Endpoints.Synced)
            {
                _target.Endpoints.Forget();
            }
        }

        ApplyRules();
        _target.Report(new PoolStanding(WhyMissing(pool, poolsKnown, rulesSettled), pool is not null || !poolsSettled, pool?.AppProtocol ?? ""));
    }

    private void Wake() => _changes.Writer.TryWrite(true);

    private string? WhyMissing(InferencePool? pool, bool poolsKnown, bool rulesSettled) =>
        pool is null ? _pools.WhyMissing($"InferencePool {_target.Namespace}/{Name}", "--pool-name", poolsKnown)
        : !_pods.Known ? _pods.Fault ?? $"listing the pods of {_target.Namespace}/{Name}"
        : !rulesSettled ? $"listing the objectives and rewrites of {_target.Namespace}/{Name}"
        : null;

    private void ApplyRules()
    {
        // The version is read first: what changes while the objects are copied shows as a change next time.
        (long, string)? state = (_rules?.Version ?? 0, _group);
        if (_rules is null || _ruled == state)
        {
            return;
        }

        _ruled = state;
        PoolScope scope = _pools.Scope;
        bool Means(PoolReference pool) => pool.Name == Name && scope.Accepts(pool.Group, _group);
        List<InferenceModel> models = RequestRuleTables.Models(_rules.Models.All(), pool => pool.Name == Name && scope.AcceptsOfModel(pool.Group));
        _target.Rules.ReplaceObjectives(RequestRuleTables.Objectives(_rules.CurrentObjectives(), Means));
        _target.Rules.ReplaceModelPriorities(RequestRuleTables.ModelPriorities(models));
        _target.Rules.ReplaceRewrites(RequestRuleTables.Rewrites(_rules.CurrentRewrites(), models, Means));
        if (_rules.TellsOfLegacy())
        {
            Log.LegacyRules(_logger, _target.Namespace, ApiGroups.Experimental, ApiGroups.LlmD);
        }
    }

    private void Tell(InferencePool? pool)
    {
        if (pool is null)
        {
            if (_inForce is not null && !_target.Selected)
            {
                Log.Gone(_logger, _target.Namespace, Name);
            }

            return;
        }

        if (_inForce?.Group == pool.Group && _inForce.Selector == pool.Selector && _inForce.TargetPorts.SequenceEqual(pool.TargetPorts))
        {
            return;
        }

        string ports = string.Join(',', pool.TargetPorts);
        if (pool.Group.Length == 0)
        {
            Log.FollowingPods(_logger, _target.Namespace, pool.Selector!, ports, Name);
            return;
        }

        Log.Following(_logger, _target.Namespace, Name, pool.Group, pool.Selector!, ports);
        if (pool.Group == ApiGroups.Experimental && _inForce?.Group != pool.Group)
        {
            Log.LegacyPool(_logger, _target.Namespace, Name, ApiGroups.Experimental, ApiGroups.Inference);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Following pool {Namespace}/{Pool} of {Group}: pods with {Selector}, ports {Ports}", EventName = nameof(Following))]
        public static partial void Following(ILogger logger, string @namespace, string pool, string group, string selector, string ports);

        [LoggerMessage(2, LogLevel.Warning, "InferencePool {Namespace}/{Pool} is there no more: its endpoints are not picked until it is back", EventName = nameof(Gone))]
        public static partial void Gone(ILogger logger, string @namespace, string pool);

        [LoggerMessage(3, LogLevel.Warning, "InferencePool {Namespace}/{Pool} is of {Group}/v1alpha2, which is deprecated: create it in {NewGroup}/v1, which then has precedence", EventName = nameof(LegacyPool))]
        public static partial void LegacyPool(ILogger logger, string @namespace, string pool, string group, string newGroup);

        [LoggerMessage(4, LogLevel.Warning, "Objectives, model rewrites or models of {Group} are in use in namespace {Namespace}; they are deprecated: create them in {NewGroup}, where one of the same name has precedence", EventName = nameof(LegacyRules))]
        public static partial void LegacyRules(ILogger logger, string @namespace, string group, string newGroup);

        [LoggerMessage(5, LogLevel.Debug, "Pool {Pool} has {Endpoints} endpoints", EventName = nameof(Endpoints))]
        public static partial void Endpoints(ILogger logger, string pool, int endpoints);

        [LoggerMessage(6, LogLevel.Information, "Following the pods of namespace {Namespace} with {Selector}, ports {Ports}, as pool {Pool}", EventName = nameof(FollowingPods))]
        public static partial void FollowingPods(ILogger logger, string @namespace, string selector, string ports, string pool);
    }
}
