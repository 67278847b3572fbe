using System.Globalization;
using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.Board;

/// <summary>Says in one sentence why a request went where it went, or why it did not go.</summary>
internal static class DecisionSentence
{
    // A smaller share of a lead is not worth a word.
    private const double Noticeable = 0.005;

    // Where there is no pool there are no rules either.
    public static string Of(Decision decision) =>
        decision.Reason == PickReason.UnknownPool ? decision.Message : Outcome(decision) + Rewritten(decision) + Prioritized(decision);

    private static string Outcome(Decision decision) => decision switch
    {
        { Error: not InferenceErrorCode.None } => Refusal(decision),
        { Pick: null } => "picked",
        { Profile: null } => $"{Occasion(decision)}: {LeastLoaded(decision, decision.Pick)}",
        { Reason: PickReason.Scheduled } => Best(decision, decision.Pick),
        _ => $"{Occasion(decision)}: {Best(decision, decision.Pick)}",
    };

    private static string Occasion(Decision decision) => decision.Reason switch
    {
        PickReason.HeadersOnly => "chosen without a body to read",
        PickReason.BodyNotSent => "chosen on the headers, because the proxy does not send the body",
        PickReason.BodyCut => "chosen on the part of the body that the proxy sent",
        PickReason.DeadlineExceeded => "the decision's budget ran out, so this is the fallback pick",
        PickReason.InternalFault => "the picker failed, see its log, so this is the fallback pick",
        _ => decision.Reason.ToString(),
    };

    private static string Best(Decision decision, CandidateDecision pick)
    {
        string scored = $"{pick.Destination} scored {Text(pick.Total)}";
        if (decision.RunnerUp is not { } runnerUp)
        {
            int removed = decision.CandidateCount - 1;
            return removed == 0 ? $"{pick.Destination} was the only candidate" : $"{pick.Destination} was the only candidate that filters left of {removed + 1}";
        }

        double margin = pick.Total - runnerUp.Total;
        string again = decision.Rescorings > 0 ? $"; scored {decision.Rescorings + 1} times, because other requests came at the same moment" : "";
        return margin switch
        {
            > 0 => $"{scored}, {Text(margin)} ahead of {runnerUp.Destination}{Difference(decision, pick, runnerUp)}{again}",
            0 => $"{scored}, as did {Tied(decision, pick)}, and came first by chance ({decision.Picker}){again}",
            _ => $"{scored}, {Text(-margin)} behind {runnerUp.Destination}, and was drawn by {decision.Picker}{again}",
        };
    }

    private static string Tied(Decision decision, CandidateDecision pick)
    {
        int others = decision.Candidates.Count(candidate => candidate.RemovedBy is null && candidate.Total == pick.Total) - 1;
        return others == 1 ? decision.RunnerUp!.Destination : $"{others} others";
    }

    private static string Difference(Decision decision, CandidateDecision pick, CandidateDecision runnerUp)
    {
        (string Name, double Lead) most = default;
        (string Name, double Lead) least = default;
        for (int i = 0; i < decision.Scorers.Count; i++)
        {
            ScorerLabel scorer = decision.Scorers[i];
            double lead = scorer.Weigh(pick.Scores[i]) - scorer.Weigh(runnerUp.Scores[i]);
            most = lead > most.Lead ? (scorer.Name, lead) : most;
            least = lead < least.Lead ? (scorer.Name, lead) : least;
        }

        string text = most.Lead > Noticeable ? $", mostly by {most.Name} (+{Text(most.Lead)})" : "";
        return least.Lead < -Noticeable ? $"{text}, in spite of {least.Name} ({Text(least.Lead)})" : text;
    }

    private static string LeastLoaded(Decision decision, CandidateDecision pick)
    {
        int passedOver = decision.Candidates.Count(candidate => candidate.RemovedBy is not null);
        string silent = passedOver == 0 ? "" : $"; {passedOver} without fresh signals passed over";
        return decision.RunnerUp switch
        {
            null => $"{pick.Destination} was the only candidate{silent}",
            { } other when other.InFlight > pick.InFlight => $"{pick.Destination} has the fewest requests in flight, {pick.InFlight}; {other.Destination} has {other.InFlight}{silent}",
            { } other when other.InFlight == pick.InFlight => $"{pick.Destination} has {pick.InFlight} requests in flight, as has {other.Destination}, and came first by chance{silent}",
            _ => $"{pick.Destination} was drawn by chance{silent}",
        };
    }

    private static string Refusal(Decision decision) => decision.Reason switch
    {
        PickReason.NoEndpoints when decision.SubsetSize is { } size && decision.PoolSize > 0 =>
            $"none of the {size} destinations of the proxy's subset is among the pool's {decision.PoolSize} endpoints",
        PickReason.NoEndpoints => "the pool is empty",
        PickReason.Saturated => $"filters removed all {decision.CandidateCount} candidates: {Removals(decision)}",
        PickReason.Shed => $"the candidates are saturated, and a request of priority {decision.Priority} is sheddable",
        PickReason.NotCached => "the client wants an answer from cache only, and the best candidate holds nothing of the prompt",
        _ => decision.Message,
    };

    private static string Rewritten(Decision decision) => decision switch
    {
        { Rewrite: null, RewritesSkipped: true } => "; no model rewrite applied, because the picker does not see the body or cannot change it",
        { Rewrite: null } or { TargetModel: "" } => "",
        { Model: "" } => $"; model {decision.TargetModel} put in by rewrite {decision.Rewrite}",
        _ when decision.Model == decision.TargetModel => $"; model {decision.Model} kept by rewrite {decision.Rewrite}",
        _ => $"; model {decision.Model} rewritten to {decision.TargetModel} by rewrite {decision.Rewrite}",
    };

    // Only an objective that the cluster knows is named: the sentence repeats no header.
    private static string Prioritized(Decision decision) => decision switch
    {
        { PrioritySource: PrioritySource.Objective } => $"; priority {decision.Priority} by objective {decision.Objective}",
        { Objective: not null, PrioritySource: PrioritySource.Model } => $"; its objective is not known, so priority {decision.Priority} by model",
        { Objective: not null } => $"; its objective is not known, so priority {decision.Priority}",
        { PrioritySource: PrioritySource.Model } => $"; priority {decision.Priority} by model",
        _ => "",
    };

    private static string Removals(Decision decision) => string.Join(
        ", ",
        decision.Candidates.Where(candidate => candidate.RemovedBy is not null)
            .GroupBy(candidate => candidate.RemovedBy!)
            .Select(group => $"{group.Count()} by {group.Key}"));

    private static string Text(double value) => value.ToString(Math.Abs(value) < 0.01 ? "0.####" : "0.##", CultureInfo.InvariantCulture);
}
