using System.Collections.Frozen;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// One decision as plain copies of what the pick worked on, in arrays that are kept from one decision to the next: nothing is looked up and no
/// text is made before somebody reads it. See <see cref="DecisionReading"/> for that.
/// </summary>
internal sealed partial class DecisionContent
{
    private const int MaxRequestId = 64;
    private const int MaxPicks = 8;

    private readonly byte[] _requestId = new byte[MaxRequestId];
    private readonly byte[] _objective = new byte[RuleSet.LongestName];
    private readonly Endpoint[] _picks = new Endpoint[MaxPicks];
    private Seen[] _seen = [];
    private double[] _totals = [];
    private double[] _scores = [];

    // Only where they are neither all the pool's nor kept by every filter; a pool's own array serves else.
    private Endpoint[] _candidates = [];
    private Endpoint[] _survivors = [];
    private FrozenDictionary<string, string>[] _labels = [];
    private Head _head;

    /// <summary>What there is one of.</summary>
    public ref readonly Head Of => ref _head;

    public ReadOnlySpan<byte> RequestId => _requestId.AsSpan(0, _head.RequestIdLength);

    public ReadOnlySpan<byte> Objective => _objective.AsSpan(0, _head.ObjectiveLength);

    public ReadOnlySpan<Endpoint> Picks => _picks.AsSpan(0, _head.Picks);

    public ReadOnlySpan<Endpoint> Candidates => _head.IsWholePool ? _head.Pool!.Endpoints : _candidates.AsSpan(0, _head.Candidates);

    /// <summary>What was known of the candidates, index by index.</summary>
    public ReadOnlySpan<Seen> Known => _seen.AsSpan(0, _head.Candidates);

    /// <summary>The labels of a candidate; only where there are filters.</summary>
    public FrozenDictionary<string, string> Labels(int candidate) => _labels[candidate];

    /// <summary>The candidates that were scored, in the order of <see cref="Totals"/>; at most as many as are kept.</summary>
    public ReadOnlySpan<Endpoint> Survivors =>
        _head.Profile is { Filters.Count: 0 } ? Candidates[.._head.Survivors] : _survivors.AsSpan(0, _head.Survivors);

    public ReadOnlySpan<double> Totals => _totals.AsSpan(0, _head.Survivors);

    /// <summary>What one scorer gave the survivors.</summary>
    public ReadOnlySpan<double> Scores(int scorer) => _scores.AsSpan(scorer * _head.Survivors, _head.Survivors);

    /// <summary>Copies what may be changing at the same time: the copy is to be thrown away then, but making it cannot fail.</summary>
    public DecisionContent Copy()
    {
        DecisionContent copy = new();
        Head head = _head;
        _requestId.CopyTo(copy._requestId, 0);
        _objective.CopyTo(copy._objective, 0);
        _picks.CopyTo(copy._picks, 0);
        copy._seen = [.. _seen];
        copy._totals = [.. _totals];
        copy._scores = [.. _scores];
        copy._candidates = [.. _candidates];
        copy._survivors = [.. _survivors];
        copy._labels = [.. _labels];
        copy._head = head;
        return copy;
    }

    /// <summary>What was known of one candidate. Small, because a ring of many of them must not drive other things from the cache.</summary>
    internal record struct Seen
    {
        public EndpointSignals Signals;
        public long ScrapedAt;
        public int InFlight;
        public int PrefixBlocks;
        public int Tokens;
        public short FiltersPassed;
        public bool HoldsAdapter;
    }

    internal readonly record struct Head
    {
        public required long Sequence { get; init; }

        public required long At { get; init; }

        public required long Time { get; init; }

        public required string PoolName { get; init; }

        public required int RequestIdLength { get; init; }

        public required int ObjectiveLength { get; init; }

        public required string Model { get; init; }

        public required string TargetModel { get; init; }

        public required int Priority { get; init; }

        public required PrioritySource PrioritySource { get; init; }

        public required RewriteRule? Rewrite { get; init; }

        public required bool RewritesSkipped { get; init; }

        public required long Waited { get; init; }

        public required long PromptTokens { get; init; }

        public required int PromptBlocks { get; init; }

        public required int BlockTokens { get; init; }

        public required SchedulingResult Result { get; init; }

        public required SchedulingProfile? Profile { get; init; }

        public required FreshnessPolicy Freshness { get; init; }

        public required bool PrefersFresh { get; init; }

        public required int Rescorings { get; init; }

        public required PoolSnapshot? Pool { get; init; }

        /// <summary>Whether the candidates are the pool's members.</summary>
        public required bool IsWholePool { get; init; }

        public required int Subset { get; init; }

        public required int AllCandidates { get; init; }

        public required int Picks { get; init; }

        public required int Candidates { get; init; }

        public required int Survivors { get; init; }
    }
}
