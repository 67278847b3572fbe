using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Figures;

/// <summary>All that one side did, or a part of it.</summary>
internal sealed record SideFigures
{
    /// <summary>Requests sent, those without an answer included.</summary>
    public int Sent { get; private init; }

    public int Served { get; private init; }

    public int Failed { get; private init; }

    /// <summary>Sent and neither served nor failed: under way, or cut off at the end.</summary>
    public int Unanswered => Sent - Served - Failed;

    public long PromptTokens { get; private init; }

    public long CachedTokens { get; private init; }

    public double HitRate => PromptTokens == 0 ? 0 : (double)CachedTokens / PromptTokens;

    /// <summary>Of streamed answers: others do not show it.</summary>
    public Distribution FirstToken { get; private init; }

    /// <summary>The mean time between an answer's tokens, of streamed answers.</summary>
    public Distribution PerOutputToken { get; private init; }

    public Distribution Total { get; private init; }

    public long OutputTokens { get; private init; }

    /// <summary>The part of the requests that went to the pod which got most.</summary>
    public double BusiestShare { get; private init; }

    public int AdapterLoads { get; private init; }

    /// <param name="sent">Requests sent.</param>
    /// <param name="outcomes">What came back, in the order in which it ended.</param>
    public static SideFigures Of(int sent, IReadOnlyList<RequestOutcome> outcomes)
    {
        List<RequestOutcome> good = [.. outcomes.Where(outcome => outcome.IsGood)];
        int busiest = good.GroupBy(outcome => outcome.Pod).Select(pod => pod.Count()).DefaultIfEmpty().Max();
        return new SideFigures
        {
            Sent = sent,
            Served = good.Count,
            Failed = outcomes.Count - good.Count,
            PromptTokens = good.Sum(outcome => (long)outcome.Usage.Prompt),
            CachedTokens = good.Sum(outcome => (long)outcome.Usage.Cached),
            OutputTokens = good.Sum(outcome => (long)outcome.Usage.Output),
            FirstToken = Distribution.Of(good.Where(outcome => outcome.FirstToken is not null).Select(outcome => outcome.FirstToken!.Value)),
            PerOutputToken = Distribution.Of(good.Where(outcome => outcome is { FirstToken: not null, Usage.Output: > 1 })
                .Select(outcome => (outcome.Total - outcome.FirstToken!.Value) / (outcome.Usage.Output - 1))),
            Total = Distribution.Of(good.Select(outcome => outcome.Total)),
            BusiestShare = good.Count == 0 ? 0 : (double)busiest / good.Count,
            AdapterLoads = Figures.AdapterLoads.Count(good),
        };
    }
}
