using System.Collections.Frozen;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.RequestControl;

/// <content>How a decision is taken in: on the request's own thread, without allocation once the arrays have grown.</content>
internal sealed partial class DecisionContent
{
    // Pools grow by a few; a record that fits exactly would be made anew for each of them.
    private const int Spare = 15;

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
        ReadOnlySpan<byte> objective = ControlHeaders.Objective(request.Headers);
        objective = objective[..Math.Min(objective.Length, _objective.Length)];
        objective.CopyTo(_objective);
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
            PoolName = facts.Pool,
            RequestIdLength = id.Length,
            ObjectiveLength = objective.Length,
            Model = request.Model,
            TargetModel = request.TargetModel,
            Priority = request.Priority,
            PrioritySource = facts.State.PrioritySource,
            Rewrite = facts.State.Rewrite,
            RewritesSkipped = facts.State.RewritesSkipped,
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
}
