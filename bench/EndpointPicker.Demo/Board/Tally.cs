using EndpointPicker.Demo.Programs;
using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Board;

/// <summary>What the clients have seen so far, by pod.</summary>
internal sealed class Tally(IReadOnlyList<Pod> pods)
{
    public const int Recent = 60;

    // Protects the list: answers arrive on any thread while the board is drawn.
    private readonly Lock _lock = new();
    private readonly List<RequestOutcome> _outcomes = [];

    public void Add(RequestOutcome outcome)
    {
        lock (_lock)
        {
            _outcomes.Add(outcome);
        }
    }

    public int Failed => All.Count(outcome => outcome.Status != 200);

    public IReadOnlyList<RequestOutcome> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _outcomes];
            }
        }
    }

    /// <summary>One line of the table a pod, then one for all of them; latencies of the last requests only where <paramref name="recent"/>.</summary>
    public IReadOnlyList<PodSummary> Summaries(IReadOnlyDictionary<string, PodLoad> loads, bool recent)
    {
        IReadOnlyList<RequestOutcome> all = All;
        int answered = all.Count(outcome => outcome.Status == 200);
        var lines = pods.Select(pod => Summarize(pod.Name, [.. all.Where(outcome => outcome.Pod == pod.Name)], answered, loads.GetValueOrDefault(pod.Name) ?? PodLoad.Unknown, recent)).ToList();
        PodLoad sum = new(lines.Sum(line => line.Load.Running), lines.Sum(line => line.Load.Waiting), lines.Average(line => line.Load.CacheUsage), "");
        lines.Add(Summarize("all", all, answered, sum, recent));
        return lines;
    }

    private static PodSummary Summarize(string name, IReadOnlyList<RequestOutcome> outcomes, int answered, PodLoad load, bool recent)
    {
        List<RequestOutcome> good = [.. outcomes.Where(outcome => outcome.Status == 200)];
        List<RequestOutcome> timed = recent ? good[Math.Max(0, good.Count - Recent)..] : good;
        long prompt = good.Sum(outcome => (long)outcome.PromptTokens);
        return new PodSummary(
            name,
            good.Count,
            answered == 0 ? 0 : (double)good.Count / answered,
            load,
            prompt == 0 ? 0 : (double)good.Sum(outcome => (long)outcome.CachedTokens) / prompt,
            Percentile([.. timed.Select(outcome => outcome.FirstToken)], 0.5),
            Percentile([.. timed.Select(outcome => outcome.FirstToken)], 0.95),
            Percentile([.. timed.Select(outcome => outcome.Total)], 0.5));
    }

    private static TimeSpan Percentile(List<TimeSpan> times, double share)
    {
        times.Sort();
        return times.Count == 0 ? TimeSpan.Zero : times[Math.Min(times.Count - 1, (int)(times.Count * share))];
    }
}
