using System.Globalization;

namespace EndpointPicker.Demo.Board;

/// <summary>One explained decision of the picker.</summary>
internal sealed record Decision(string RequestId, string Model, string Reason, string Picked, IReadOnlyList<Candidate> Candidates)
{
    /// <summary>What made the difference: the scorers that put the pick ahead of its runner-up.</summary>
    public string Why(Func<string, string> nameOf)
    {
        Candidate? pick = Candidates.FirstOrDefault(candidate => Picked == candidate.Destination || Picked == candidate.Endpoint);
        Candidate? runnerUp = Candidates.Where(candidate => candidate != pick).MaxBy(candidate => candidate.Total);
        if (pick is null || runnerUp is null)
        {
            return Reason;
        }

        string lead = string.Join(", ", pick.Scores
            .Select(score => (score.Key, Lead: score.Value - runnerUp.Scores.GetValueOrDefault(score.Key)))
            .Where(score => score.Lead > 0.005)
            .OrderByDescending(score => score.Lead)
            .Select(score => string.Create(CultureInfo.InvariantCulture, $"{Short(score.Key)} +{score.Lead:0.00}")));
        string against = string.Create(CultureInfo.InvariantCulture, $"{pick.Total:0.00} ahead of {nameOf(runnerUp.Destination)} {runnerUp.Total:0.00}");
        return lead.Length == 0 ? $"{against} (a tie)" : $"{against}: {lead}";
    }

    private static string Short(string scorer) => scorer.Replace("-scorer", "", StringComparison.Ordinal)
        .Replace("-cache-utilization", "", StringComparison.Ordinal).Replace("-affinity", "", StringComparison.Ordinal).Replace("-cache", "", StringComparison.Ordinal);
}
