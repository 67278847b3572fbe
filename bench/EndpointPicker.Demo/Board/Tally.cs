using System.Diagnostics;
using EndpointPicker.Demo.Programs;
using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Board;

/// <summary>What the clients have seen so far, by pod.</summary>
internal sealed class Tally(IReadOnlyList<Pod> pods)
{
    public const int Recent = 60;

    // Protects the list: answers arrive on any thread while the board is drawn.
    private readonly Lock _lock = new();
    private readonly List<(RequestOutcome Outcome, long At)> _outcomes = [];

    public void Add(RequestOutcome outcome)
    {
        lock (_lock)
        {
            _outcomes.Add((outcome, Stopwatch.GetTimestamp()));
        }
    }

    public int Failed => All.Count(outcome => outcome.Status != 200);

    public IReadOnlyList<RequestOutcome> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _outcomes.Select(entry => entry.Outcome)];
            }
        }
    }

    /// <summary>Takes back what failed only just now.</summary>
    public void ForgetFailures(TimeSpan within)
    {
        lock (_lock)
        {
            _outcomes.RemoveAll(entry => entry.Outcome.Status != 200 && Stopwatch.GetElapsedTime(entry.At) < within);
        }
    }

    /// <summary>One line of the table a pod, then one for all of them; times are of each pod's last answers only where <paramref name="recent"/>.</summary>
    public IReadOnlyList<PodSummary> Summaries(IReadOnlyDictionary<string, PodLoad> loads, bool recent)
    {
        List<RequestOutcome> good = [.. All.Where(outcome => outcome.Status == 200)];
        var lines = new List<PodSummary>();
        var allTimed = new List<RequestOutcome>();
        foreach (Pod pod in pods)
        {
            List<RequestOutcome> served = [.. good.Where(outcome => outcome.Pod == pod.Name)];
            List<RequestOutcome> timed = recent ? served[Math.Max(0, served.Count - Recent)..] : served;
            allTimed.AddRange(timed);
            lines.Add(Summarize(pod.Name, served, timed, good.Count, loads.GetValueOrDefault(pod.Name) ?? PodLoad.Unknown));
        }

        PodLoad sum = new(lines.Sum(line => line.Load.Running), lines.Sum(line => line.Load.Waiting), lines.Average(line => line.Load.CacheUsage), "");
        lines.Add(Summarize("all", good, allTimed, good.Count, sum));
        return lines;
    }

    private static PodSummary Summarize(string name, List<RequestOutcome> served, List<RequestOutcome> timed, int all, PodLoad load)
    {
        long prompt = served.Sum(outcome => (long)outcome.PromptTokens);
        return new PodSummary(
            name,
            served.Count,
            all == 0 ? 0 : (double)served.Count / all,
            load,
            prompt == 0 ? 0 : (double)served.Sum(outcome => (long)outcome.CachedTokens) / prompt,
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
