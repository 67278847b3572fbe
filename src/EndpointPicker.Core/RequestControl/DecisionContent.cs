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

    private readonly byte[] _requestId = new byte[MaxRequestId];
    private readonly Endpoint[] _picks = new Endpoint[MaxPicks];
    private Seen[] _candidates = [];
    private Endpoint[] _survivors = [];
    private double[] _totals = [];
    private double[] _scores = [];
    private Head _head;

    /// <summary>What there is one of.</summary>
    public ref readonly Head Of => ref _head;

    public ReadOnlySpan<byte> RequestId => _requestId.AsSpan(0, _head.RequestIdLength);

    public ReadOnlySpan<Endpoint> Picks => _picks.AsSpan(0, _head.Picks);

    public ReadOnlySpan<Seen> Candidates => _candidates.AsSpan(0, _head.Candidates);

    /// <summary>The candidates that were scored, in the order of <see cref="Totals"/>; at most as many as are kept.</summary>
    public ReadOnlySpan<Endpoint> Survivors => _survivors.AsSpan(0, _head.Survivors);

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
        int candidates = Math.Min(scratch?.CandidateCount ?? 0, DecisionLog.MaxCandidates);
        ProfileScratch? profile = facts.Ran is null ? null : scratch!.Profiles[Array.IndexOf(scratch.Runners, facts.Ran)];
        int survivors = Math.Min(profile?.CandidateCount ?? 0, DecisionLog.MaxCandidates);
        Grow(candidates, survivors, facts.Ran?.ScorerCount ?? 0);
        if (scratch is not null && scratch.CandidateCount <= DecisionLog.MaxCandidates)
        {
            See(0, scratch.AllCandidates, facts, profile);
            CopyScores(profile, facts.Ran, survivors);
        }
        else if (scratch is not null)
        {
            Abridge(candidates, survivors, facts, profile);
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
            PoolSize = scratch?.PoolSize ?? 0,
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
        copy._candidates = [.. _candidates];
        copy._survivors = [.. _survivors];
        copy._totals = [.. _totals];
        copy._scores = [.. _scores];
        copy._head = head;
        return copy;
    }

    private void Grow(int candidates, int survivors, int scorers)
    {
        if (_candidates.Length < candidates)
        {
            _candidates = new Seen[Math.Min(candidates * 2, DecisionLog.MaxCandidates)];
        }

        if (_totals.Length < survivors)
        {
            _survivors = new Endpoint[_candidates.Length];
            _totals = new double[_candidates.Length];
        }

        if (_scores.Length < survivors * scorers)
        {
            _scores = new double[_candidates.Length * scorers];
        }
    }

    private void See(int from, ReadOnlySpan<Endpoint> endpoints, in DecisionFacts facts, ProfileScratch? profile)
    {
        int adapter = AdapterResidency.Hash(facts.State.Request.TargetModel);
        Span<int> inFlight = facts.Scratch!.SeenInFlight;
        ReadOnlySpan<int> blocks = facts.Matches is { TotalBlocks: > 0 } matches ? matches.BlocksBySlot : default;
        ReadOnlySpan<int> passed = profile is not null && facts.Ran!.Profile.Filters.Count > 0 ? profile.FiltersPassed : default;
        Span<Seen> seen = _candidates.AsSpan(from, endpoints.Length);
        for (int i = 0; i < seen.Length; i++)
        {
            Endpoint endpoint = endpoints[i];
            int slot = endpoint.Slot;
            seen[i] = new Seen(
                endpoint,
                endpoint.Signals,
                endpoint.Labels,
                endpoint.ScrapedAt,
                endpoint.InFlight.Tokens,
                inFlight[slot],
                blocks.IsEmpty ? 0 : blocks[slot],
                passed.IsEmpty ? 0 : passed[slot],
                endpoint.Adapters.Holds(adapter));
        }
    }

    private void CopyScores(ProfileScratch? profile, ProfileRunner? ran, int survivors)
    {
        if (survivors == 0)
        {
            return;
        }

        profile!.Candidates.AsSpan(0, survivors).CopyTo(_survivors);
        profile.Totals.AsSpan(0, survivors).CopyTo(_totals);
        for (int i = 0; i < ran!.ScorerCount; i++)
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
            See(i, scored.Slice(kept[i], 1), facts, profile);
        }

        for (int i = 0; i < survivors; i++)
        {
            _survivors[i] = scored[kept[i]];
            _totals[i] = totals[kept[i]];
            for (int s = 0; s < facts.Ran!.ScorerCount; s++)
            {
                _scores[(s * survivors) + i] = profile!.Scores(s, scored.Length)[kept[i]];
            }
        }

        for (int i = 0; i < all.Length && count < candidates; i++)
        {
            if (profile!.FiltersPassed[all[i].Slot] < facts.Ran!.Profile.Filters.Count)
            {
                See(count++, all.Slice(i, 1), facts, profile);
            }
        }
    }

    /// <summary>One candidate as it was.</summary>
    internal readonly record struct Seen(
        Endpoint Endpoint,
        EndpointSignals Signals,
        System.Collections.Frozen.FrozenDictionary<string, string> Labels,
        long ScrapedAt,
        long Tokens,
        int InFlight,
        int PrefixBlocks,
        int FiltersPassed,
        bool HoldsAdapter);

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

        public required int PoolSize { get; init; }

        public required int Subset { get; init; }

        public required int AllCandidates { get; init; }

        public required int Picks { get; init; }

        public required int Candidates { get; init; }

        public required int Survivors { get; init; }
    }
}
