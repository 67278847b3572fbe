using System.Collections.Frozen;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// One decision as plain copies of what the pick worked on, in arrays that are kept from one decision to the next: nothing is looked up and no
/// text is made before somebody reads it. See <see cref="DecisionReading"/> for that.
/// </summary>
internal sealed class DecisionContent
{
    private const int MaxRequestId = 64;
    private const int MaxPicks = 8;

    // Pools grow by a few; a record that fits exactly would be made anew for each of them.
    private const int Spare = 15;

    private readonly byte[] _requestId = new byte[MaxRequestId];
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

    /// <summary>Takes a decision in the place of the last one.</summary>
    /// <param name="sequence">Its number; -1 where it is not counted.</param>
    /// <param name="time">The wall time, in ticks of UTC.</param>
    /// <param name="facts">The decision.</param>
    public void Take(long sequence, long time, in DecisionFacts facts)
    {
        InferenceRequest request = facts.State.Request;
        request.Headers.TryGet("x-request-id"u8, out ReadOnlySpan<byte> id);
        id = id[..Math.Min(id.Length, MaxRequestId)];
        id.CopyTo(_requestId);
        int picks = Math.Min(facts.Picks.Length, MaxPicks);
        facts.Picks[..picks].CopyTo(_picks);

        PickScratch? scratch = facts.Scratch;
        bool wholePool = scratch is not null && scratch.CandidateCount == scratch.Pool!.Endpoints.Length && scratch.CandidateCount <= DecisionLog.MaxCandidates;
        int candidates = 0;
        int survivors = 0;
        if (scratch is not null)
        {
            ProfileScratch? profile = facts.Ran is null ? null : scratch.Profiles[Array.IndexOf(scratch.Runners, facts.Ran)];
            candidates = Math.Min(scratch.CandidateCount, DecisionLog.MaxCandidates);
            survivors = Math.Min(profile?.CandidateCount ?? 0, DecisionLog.MaxCandidates);
            Grow(candidates, facts.Ran);
            if (scratch.CandidateCount > DecisionLog.MaxCandidates)
            {
                Abridge(candidates, survivors, facts, profile);
            }
            else
            {
                CopyScores(survivors, facts.Ran, profile);
                if (!wholePool)
                {
                    scratch.AllCandidates.CopyTo(_candidates);
                }
            }

            See(wholePool ? scratch.Pool!.Endpoints : _candidates.AsSpan(0, candidates), facts, profile);
        }

        _head = new Head
        {
            Sequence = sequence,
            At = facts.At,
            Time = time,
            RequestIdLength = id.Length,
            Model = request.Model,
            TargetModel = request.TargetModel,
            Priority = request.Priority,
            Waited = facts.At - request.ReceivedAt,
            PromptTokens = request.Prompt.Tokens,
            PromptBlocks = facts.Matches?.TotalBlocks ?? 0,
            BlockTokens = facts.Matches?.BlockTokens ?? 0,
            Result = facts.Result,
            Profile = facts.Ran?.Profile,
            Freshness = facts.Freshness,
            PrefersFresh = facts.PrefersFresh,
            Rescorings = scratch?.Rescorings ?? 0,
            Pool = scratch?.Pool,
            IsWholePool = wholePool,
            Subset = request.Subset.Present ? request.Subset.Count : -1,
            AllCandidates = scratch?.CandidateCount ?? 0,
            Picks = picks,
            Candidates = candidates,
            Survivors = survivors,
        };
    }

    /// <summary>Copies what may be changing at the same time: the copy is to be thrown away then, but making it cannot fail.</summary>
    public DecisionContent Copy()
    {
        DecisionContent copy = new();
        Head head = _head;
        _requestId.CopyTo(copy._requestId, 0);
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

    private void Grow(int candidates, ProfileRunner? ran)
    {
        if (_seen.Length < candidates)
        {
            int length = Math.Min((candidates + Spare) & ~Spare, DecisionLog.MaxCandidates);
            _seen = new Seen[length];
            _candidates = new Endpoint[length];
            _totals = new double[length];
        }

        if (ran is not null && _scores.Length < _seen.Length * ran.ScorerCount)
        {
            _scores = new double[_seen.Length * ran.ScorerCount];
        }

        if (ran is { Profile.Filters.Count: > 0 } && _survivors.Length < _seen.Length)
        {
            _survivors = new Endpoint[_seen.Length];
            _labels = new FrozenDictionary<string, string>[_seen.Length];
        }
    }

    private void See(ReadOnlySpan<Endpoint> endpoints, in DecisionFacts facts, ProfileScratch? profile)
    {
        int adapter = AdapterResidency.Hash(facts.State.Request.TargetModel);
        ReadOnlySpan<int> inFlight = facts.Scratch!.SeenInFlight;
        ReadOnlySpan<int> blocks = facts.Matches is { TotalBlocks: > 0 } matches ? matches.BlocksBySlot : default;
        Span<Seen> seen = _seen.AsSpan(0, endpoints.Length);
        for (int i = 0; i < seen.Length; i++)
        {
            Endpoint endpoint = endpoints[i];
            EndpointSignals signals = endpoint.Signals;
            ref Seen place = ref seen[i];
            if (!ReferenceEquals(place.Signals, signals))
            {
                // Storing a reference costs more than seeing that it is there already.
                place.Signals = signals;
            }

            int slot = endpoint.Slot;
            place.ScrapedAt = endpoint.ScrapedAt;
            place.InFlight = inFlight[slot];
            place.PrefixBlocks = blocks.IsEmpty ? 0 : blocks[slot];
            place.HoldsAdapter = endpoint.Adapters.Holds(adapter);
        }

        if (facts.CountsTokens)
        {
            for (int i = 0; i < seen.Length; i++)
            {
                seen[i].Tokens = (int)Math.Min(endpoints[i].InFlight.Tokens, int.MaxValue);
            }
        }

        if (facts.Ran is { Profile.Filters.Count: > 0 })
        {
            for (int i = 0; i < seen.Length; i++)
            {
                _labels[i] = endpoints[i].Labels;
                seen[i].FiltersPassed = (short)profile!.FiltersPassed[endpoints[i].Slot];
            }
        }
    }

    private void CopyScores(int survivors, ProfileRunner? ran, ProfileScratch? profile)
    {
        if (survivors == 0)
        {
            return;
        }

        if (ran!.Profile.Filters.Count > 0)
        {
            profile!.Candidates.AsSpan(0, survivors).CopyTo(_survivors);
        }

        profile!.Totals.AsSpan(0, survivors).CopyTo(_totals);
        for (int i = 0; i < ran.ScorerCount; i++)
        {
            profile.Scores(i, survivors).CopyTo(_scores.AsSpan(i * survivors));
        }
    }

    // A pool beyond what is kept: the picks and their runner-up first, then those that were scored, then those that filters removed.
    private void Abridge(int candidates, int survivors, in DecisionFacts facts, ProfileScratch? profile)
    {
        Span<int> kept = stackalloc int[DecisionLog.MaxCandidates];
        ReadOnlySpan<Endpoint> all = facts.Scratch!.AllCandidates;
        ReadOnlySpan<Endpoint> scored = survivors > 0 ? profile!.Candidates.AsSpan(0, profile.CandidateCount) : all;
        ReadOnlySpan<double> totals = survivors > 0 ? profile!.Totals.AsSpan(0, scored.Length) : default;
        int count = DecisionAbridgement.Choose(scored, totals, facts.Picks[..Math.Min(facts.Picks.Length, MaxPicks)], kept[..Math.Min(scored.Length, kept.Length)]);
        for (int i = 0; i < count; i++)
        {
            _candidates[i] = scored[kept[i]];
        }

        if (survivors > 0)
        {
            for (int i = 0; i < survivors; i++)
            {
                _totals[i] = totals[kept[i]];
            }

            for (int s = 0; s < facts.Ran!.ScorerCount; s++)
            {
                ReadOnlySpan<double> scores = profile!.Scores(s, scored.Length);
                Span<double> row = _scores.AsSpan(s * survivors, survivors);
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] = scores[kept[i]];
                }
            }

            if (facts.Ran.Profile.Filters.Count > 0)
            {
                _candidates.AsSpan(0, survivors).CopyTo(_survivors);
            }
        }

        for (int i = 0; i < all.Length && count < candidates; i++)
        {
            if (profile!.FiltersPassed[all[i].Slot] < facts.Ran!.Profile.Filters.Count)
            {
                _candidates[count++] = all[i];
            }
        }
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

        public required int RequestIdLength { get; init; }

        public required string Model { get; init; }

        public required string TargetModel { get; init; }

        public required int Priority { get; init; }

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
