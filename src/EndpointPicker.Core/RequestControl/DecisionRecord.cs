using System.Text;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// One place of the decision log. A sequence lock: the version is odd while a decision is written, a writer that finds another one at work
/// gives up, and a reader that saw the version move reads nothing. References that are torn from their numbers are thereby never shown.
/// </summary>
internal sealed class DecisionRecord
{
    private const int MaxRequestId = 64;

    private readonly byte[] _requestId = new byte[MaxRequestId];
    private readonly string[] _picks = new string[8];
    private Candidate[] _candidates = [];
    private double[] _scores = [];
    private int _version;
    private Head _head;
    private SchedulingProfile? _profile;

    public void Write(long sequence, long now, RequestState state, in SchedulingResult result, PickScratch scratch, ProfileRunner? ran)
    {
        int version = Volatile.Read(ref _version);
        if ((version & 1) == 1 || Interlocked.CompareExchange(ref _version, version + 1, version) != version)
        {
            return;
        }

        InferenceRequest request = state.Request;
        request.Headers.TryGet("x-request-id"u8, out ReadOnlySpan<byte> id);
        id = id[..Math.Min(id.Length, MaxRequestId)];
        id.CopyTo(_requestId);
        int picks = Math.Min(state.Picks.Length, _picks.Length);
        for (int i = 0; i < picks; i++)
        {
            _picks[i] = state.Picks[i].Destination;
        }

        _profile = ran?.Profile;
        int candidates = Math.Min(scratch.CandidateCount, DecisionLog.MaxCandidates);
        CopyCandidates(scratch, candidates, now);
        if (ran is not null)
        {
            CopyScores(scratch, ran, candidates);
        }

        _head = new Head(
            sequence, now, id.Length, request.Model, request.TargetModel, request.Prompt.Tokens, result.Reason, result.Error, picks, candidates);
        Volatile.Write(ref _version, version + 2);
    }

    public Decision? Read()
    {
        int version = Volatile.Read(ref _version);
        if (version == 0 || (version & 1) == 1)
        {
            return null;
        }

        Decision decision = Copy();
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _version) == version ? decision : null;
    }

    private void CopyCandidates(PickScratch scratch, int count, long now)
    {
        if (_candidates.Length < count)
        {
            _candidates = new Candidate[Math.Min(count * 2, DecisionLog.MaxCandidates)];
        }

        for (int i = 0; i < count; i++)
        {
            Endpoint endpoint = scratch.Candidates[i];
            long scrapedAt = endpoint.ScrapedAt;

            // A scrape may have ended between the moment that the decision goes by and this one.
            long age = scrapedAt == long.MinValue ? -1 : Math.Max(0, now - scrapedAt);
            _candidates[i] = new Candidate(endpoint, 0, -1, 0, age, scratch.SeenInFlight[endpoint.Slot]);
        }
    }

    private void CopyScores(PickScratch scratch, ProfileRunner ran, int count)
    {
        ProfileScratch profile = scratch.Profiles[Array.IndexOf(scratch.Runners, ran)];
        int scorers = ran.ScorerCount;
        if (_scores.Length < count * scorers)
        {
            _scores = new double[_candidates.Length * scorers];
        }

        // Survivors keep the candidates' order except where a filter swaps; so look each up, from where the last one was found.
        int survivor = 0;
        for (int i = 0; i < count; i++)
        {
            Endpoint endpoint = _candidates[i].Endpoint!;
            int at = IndexOf(profile, endpoint, survivor);
            _candidates[i] = _candidates[i] with { FiltersPassed = profile.FiltersPassed[endpoint.Slot], Survivor = at };
            if (at >= 0)
            {
                survivor = at + 1;
                _candidates[i] = _candidates[i] with { Total = profile.Totals[at] };
                for (int s = 0; s < scorers; s++)
                {
                    _scores[(i * scorers) + s] = profile.Scores(s, profile.CandidateCount)[at];
                }
            }
        }
    }

    private static int IndexOf(ProfileScratch profile, Endpoint endpoint, int from)
    {
        for (int i = 0; i < profile.CandidateCount; i++)
        {
            int at = (from + i) % profile.CandidateCount;
            if (ReferenceEquals(profile.Candidates[at], endpoint))
            {
                return at;
            }
        }

        return -1;
    }

    // Runs beside a writer: whatever it reads may be of two decisions, and is thrown away then; it must only not fail.
    private Decision Copy()
    {
        Head head = _head;
        SchedulingProfile? profile = _profile;
        Candidate[] candidates = _candidates;
        double[] scores = _scores;
        int scorers = profile?.Scorers.Count ?? 0;
        List<CandidateDecision> copied = [];
        for (int i = 0; i < Math.Min(head.Candidates, candidates.Length); i++)
        {
            Candidate candidate = candidates[i];
            if (candidate.Endpoint is null)
            {
                continue;
            }

            bool scored = profile is not null && candidate.Survivor >= 0 && (i + 1) * scorers <= scores.Length;
            copied.Add(new CandidateDecision
            {
                Endpoint = candidate.Endpoint.Name,
                Destination = candidate.Endpoint.Destination,
                RemovedBy = scored || profile is null || candidate.FiltersPassed >= profile.Filters.Count ? null : profile.Filters[candidate.FiltersPassed].Name,
                Scores = scored ? scores[(i * scorers)..((i + 1) * scorers)] : [],
                Total = candidate.Total,
                SignalAge = candidate.SignalAge < 0 ? null : candidate.SignalAge,
                InFlight = candidate.InFlight,
            });
        }

        return new Decision
        {
            Sequence = head.Sequence,
            At = head.At,
            RequestId = Encoding.UTF8.GetString(_requestId.AsSpan(0, Math.Min(head.RequestId, MaxRequestId))),
            Model = head.Model ?? "",
            TargetModel = head.TargetModel ?? "",
            Reason = head.Reason,
            Error = head.Error,
            PromptTokens = head.PromptTokens,
            Picks = _picks[..Math.Min(head.Picks, _picks.Length)],
            Scorers = [.. (profile?.Scorers ?? []).Select(s => new ScorerLabel(s.Scorer.Name, s.Weight))],
            Candidates = copied,
        };
    }

    private readonly record struct Candidate(Endpoint? Endpoint, int FiltersPassed, int Survivor, double Total, long SignalAge, int InFlight);

    private readonly record struct Head(
        long Sequence,
        long At,
        int RequestId,
        string? Model,
        string? TargetModel,
        long PromptTokens,
        PickReason Reason,
        InferenceErrorCode Error,
        int Picks,
        int Candidates);
}
