using System.Globalization;
using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Observed;

/// <summary>One explained decision of the picker.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Model">What the request called for.</param>
/// <param name="Picked">Where it goes, as ip:port; empty when nowhere.</param>
/// <param name="Reason">The picker's code.</param>
/// <param name="Sentence">Why, in the picker's own words; null where it has none.</param>
/// <param name="Candidates">Those that were scored.</param>
internal sealed record Decision(long Sequence, string Model, string Picked, string Reason, string? Sentence, IReadOnlyList<Candidate> Candidates)
{
    public Candidate? Pick => Candidates.FirstOrDefault(candidate => Picked == candidate.Destination || Picked == candidate.Endpoint);

    /// <summary>The best of the others.</summary>
    public Candidate? RunnerUp => Candidates.Where(candidate => candidate != Pick).MaxBy(candidate => candidate.Total);

    /// <summary>What made the difference: the scorers that put the pick ahead of its runner-up, by how much, the greatest lead first.</summary>
    public string Lead()
    {
        if (Pick is not { } pick || RunnerUp is not { } runnerUp)
        {
            return Reason;
        }

        string lead = string.Join(", ", pick.Scores
            .Select(score => (score.Key, Lead: score.Value - runnerUp.Scores.GetValueOrDefault(score.Key)))
            .Where(score => score.Lead > 0.005)
            .OrderByDescending(score => score.Lead)
            .Select(score => string.Create(CultureInfo.InvariantCulture, $"{Plain(score.Key, Model)} +{score.Lead:0.00}")));
        return lead.Length == 0 ? "as good as the other: by chance" : lead;
    }

    private static string Plain(string scorer, string model) => scorer switch
    {
        "prefix-cache-scorer" => "prompt in its cache",
        "lora-affinity-scorer" => Models.Adapters.Contains(model) ? "adapter loaded" : "adapter slot free",
        "kv-cache-utilization-scorer" => "more free KV cache",
        "queue-scorer" => "shorter queue",
        _ => scorer,
    };
}
