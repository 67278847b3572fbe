using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.Tests.Board;

/// <summary>Decisions as a scheduler would record them.</summary>
internal static class Decisions
{
    /// <summary>Scorers are queue of weight 2 and prefix of weight 1; without scores all are alike in both.</summary>
    public static Decision Scored(double[] totals, double[]? first = null, double[]? second = null)
    {
        CandidateDecision[] candidates = [.. totals.Select((total, i) => Candidate(i, total) with { Scores = (i == 0 ? first : second) ?? [0, 0] })];
        return new Decision
        {
            Sequence = 0,
            At = 0,
            Time = default,
            Pool = "p",
            RequestId = "",
            Model = "m",
            TargetModel = "m",
            Priority = 0,
            Objective = null,
            PrioritySource = PrioritySource.Default,
            Rewrite = null,
            RewritesSkipped = false,
            Waited = 0,
            Reason = PickReason.Scheduled,
            Error = InferenceErrorCode.None,
            Message = "",
            PromptTokens = 0,
            PromptBlocks = 0,
            BlockTokens = 0,
            Picks = totals.Length > 0 ? ["10.0.0.1:8000"] : [],
            Profile = "default",
            Picker = "max-score-picker",
            Rescorings = 0,
            Scorers = [new ScorerLabel("queue", 2), new ScorerLabel("prefix", 1)],
            PoolSize = totals.Length,
            SubsetSize = null,
            CandidateCount = totals.Length,
            Candidates = candidates,
            Pick = candidates.FirstOrDefault(),
            RunnerUp = candidates.ElementAtOrDefault(1),
        };
    }

    public static CandidateDecision Candidate(int index, double total) => new()
    {
        Endpoint = $"pod-{index}",
        Destination = $"10.0.0.{index + 1}:8000",
        RemovedBy = null,
        RemovedBecause = null,
        Scores = [],
        Total = total,
        Signals = EndpointSignals.None,
        SignalState = SignalState.Fresh,
        SignalAge = 0,
        InFlight = 0,
        InFlightTokens = 0,
        HoldsAdapter = false,
        PrefixBlocks = null,
    };
}
