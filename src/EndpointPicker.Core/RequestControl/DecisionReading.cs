using System.Text;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.RequestControl;

/// <summary>Makes of what a pick has left behind something that people can read.</summary>
internal static class DecisionReading
{
    /// <summary>What a candidate is said to be removed by where a fallback pick passed it over.</summary>
    public const string PassedOver = "fallback";

    public static Decision Read(DecisionContent content)
    {
        ref readonly DecisionContent.Head head = ref content.Of;
        SchedulingProfile? profile = head.Profile;
        Endpoint? picked = content.Picks.IsEmpty ? null : content.Picks[0];
        bool anyFresh = false;
        foreach (ref readonly DecisionContent.Seen seen in content.Known)
        {
            anyFresh |= head.Freshness.IsFresh(seen.ScrapedAt, head.At);
        }

        CandidateDecision[] candidates = new CandidateDecision[content.Candidates.Length];
        for (int i = 0; i < candidates.Length; i++)
        {
            candidates[i] = Read(content, i, passesOver: head.PrefersFresh && anyFresh);
        }

        CandidateDecision? pick = Array.Find(candidates, candidate => candidate.Destination == picked?.Destination && candidate.Endpoint == picked.Name);
        return new Decision
        {
            Sequence = head.Sequence,
            At = head.At,
            Time = new DateTimeOffset(head.Time, TimeSpan.Zero),
            Pool = head.PoolName,
            RequestId = Encoding.UTF8.GetString(content.RequestId),
            Model = head.Model,
            TargetModel = head.TargetModel,
            Priority = head.Priority,
            Objective = content.Objective.IsEmpty ? null : Encoding.UTF8.GetString(content.Objective),
            PrioritySource = head.PrioritySource,
            Rewrite = head.Rewrite?.Name,
            RewritesSkipped = head.RewritesSkipped,
            Waited = head.Waited,
            Reason = head.Result.Reason,
            Error = head.Result.Error,
            Message = head.Result.Message,
            PromptTokens = head.PromptTokens,
            PromptBlocks = head.PromptBlocks,
            BlockTokens = head.BlockTokens,
            Picks = [.. content.Picks.ToArray().Select(endpoint => endpoint.Destination)],
            Profile = profile?.Name,
            Picker = profile?.Picker.Name,
            Rescorings = head.Rescorings,
            Scorers = [.. (profile?.Scorers ?? []).Select(s => new ScorerLabel(s.Scorer.Name, s.Weight))],
            PoolSize = head.Pool?.Endpoints.Length ?? 0,
            SubsetSize = head.Subset < 0 ? null : head.Subset,
            CandidateCount = head.AllCandidates,
            Candidates = candidates,
            Pick = pick,
            RunnerUp = pick is null ? null : RunnerUp(candidates, pick, profile is not null),
        };
    }

    // The best of the others: by total, or by requests in flight where no profile ran; the first of equals.
    private static CandidateDecision? RunnerUp(CandidateDecision[] candidates, CandidateDecision pick, bool scored)
    {
        CandidateDecision? best = null;
        foreach (CandidateDecision candidate in candidates)
        {
            if (!ReferenceEquals(candidate, pick)
                && candidate.RemovedBy is null
                && (best is null || (scored ? candidate.Total > best.Total : candidate.InFlight < best.InFlight)))
            {
                best = candidate;
            }
        }

        return best;
    }

    private static CandidateDecision Read(DecisionContent content, int index, bool passesOver)
    {
        ref readonly DecisionContent.Head head = ref content.Of;
        ref readonly DecisionContent.Seen seen = ref content.Known[index];
        Endpoint endpoint = content.Candidates[index];
        SignalState state = seen.ScrapedAt == long.MinValue ? SignalState.NeverScraped
            : head.Freshness.IsFresh(seen.ScrapedAt, head.At) ? SignalState.Fresh
            : SignalState.Stale;
        int at = content.Survivors.IndexOf(endpoint);
        (string? removedBy, string? because) = at >= 0 ? (null, null)
            : passesOver && state != SignalState.Fresh ? (PassedOver, head.Freshness.Describe(seen.ScrapedAt, head.At))
            : RemovedBy(content, index);
        return new CandidateDecision
        {
            Endpoint = endpoint.Name,
            Destination = endpoint.Destination,
            RemovedBy = removedBy,
            RemovedBecause = because,
            Scores = at < 0 ? [] : Scores(content, at),
            Total = at < 0 ? 0 : content.Totals[at],
            Signals = seen.Signals,
            SignalState = state,
            // A scrape may have ended between the moment that the decision goes by and the one when it was recorded.
            SignalAge = seen.ScrapedAt == long.MinValue ? null : Math.Max(0, head.At - seen.ScrapedAt),
            InFlight = seen.InFlight,
            InFlightTokens = seen.Tokens,
            HoldsAdapter = seen.HoldsAdapter,
            PrefixBlocks = head.PromptBlocks > 0 ? seen.PrefixBlocks : null,
        };
    }

    private static (string? Filter, string? Because) RemovedBy(DecisionContent content, int index)
    {
        ref readonly DecisionContent.Seen seen = ref content.Known[index];
        if (content.Of.Profile is not { } profile || seen.FiltersPassed >= profile.Filters.Count)
        {
            return (null, null);
        }

        Named<IFilter> filter = profile.Filters[seen.FiltersPassed];
        EndpointObservation observation = new(
            content.Candidates[index], seen.Signals, content.Labels(index), seen.ScrapedAt, content.Of.At, seen.InFlight);
        return (filter.Name, filter.Plugin.Explain(observation));
    }

    private static double[] Scores(DecisionContent content, int survivor)
    {
        double[] scores = new double[content.Of.Profile!.Scorers.Count];
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = content.Scores(i)[survivor];
        }

        return scores;
    }
}
