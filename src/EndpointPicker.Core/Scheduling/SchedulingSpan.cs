using System.Diagnostics;
using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling;

/// <summary>
/// Makes the spans below a traced request. A span's parent is always named, and the ambient activity stays what it was, so that requests
/// without a trace never touch it: for them all of this is one comparison with <see langword="null"/>.
/// </summary>
internal static class SchedulingSpan
{
    private const int MostTopEndpoints = 5;

    /// <summary>Starts a span below another one.</summary>
    /// <returns>The span; <see langword="null"/> where there is no parent, which says that the request is not traced.</returns>
    public static Activity? Start(Activity? parent, string name, ActivityKind kind = ActivityKind.Internal) =>
        parent is null ? null : Started(parent.Source.CreateActivity(name, kind, parent.Context));

    /// <summary>Starts a span without making it the ambient one.</summary>
    public static Activity? Started(Activity? span)
    {
        if (span is not null)
        {
            Activity? ambient = Activity.Current;
            span.Start();
            Activity.Current = ambient;
        }

        return span;
    }

    /// <summary>Starts the span of one scorer.</summary>
    public static Activity? StartScorer(Activity scoring, WeightedScorer scorer) => Start(scoring, $"llm_d.epp.scorer.{scorer.Scorer.Type}");

    /// <summary>Ends it with what the scorer gave, as a distribution: single endpoints would be too many.</summary>
    public static void StopScorer(Activity span, WeightedScorer scorer, ReadOnlySpan<double> scores)
    {
        double most = 0;
        double sum = 0;
        foreach (double score in scores)
        {
            most = Math.Max(most, score);
            sum += score;
        }

        span.SetTag("llm_d.epp.scorer.type", scorer.Scorer.Type);
        span.SetTag("llm_d.epp.scorer.name", scorer.Scorer.Name);
        span.SetTag("llm_d.epp.scorer.weight", scorer.Weight);
        span.SetTag("llm_d.epp.scorer.candidate_endpoints", scores.Length);
        span.SetTag("llm_d.epp.scorer.score.max", most);
        span.SetTag("llm_d.epp.scorer.score.avg", scores.Length == 0 ? 0 : sum / scores.Length);
        span.SetTag("llm_d.epp.scorer.endpoints_scored", scores.Length);
        span.Stop();
    }

    /// <summary>Starts the span of the picker with those that have the highest totals, best first.</summary>
    public static Activity? StartPicker(Activity? profile, ReadOnlySpan<Endpoint> candidates, ReadOnlySpan<double> totals)
    {
        if (Start(profile, "pick_endpoints") is not { } span)
        {
            return null;
        }

        int[] order = [.. Enumerable.Range(0, candidates.Length)];
        double[] keys = totals.ToArray();
        Array.Sort(keys, order);
        Array.Reverse(keys);
        Array.Reverse(order);
        int count = Math.Min(MostTopEndpoints, order.Length);
        string[] names = new string[count];
        for (int i = 0; i < count; i++)
        {
            names[i] = $"{candidates[order[i]].Namespace}/{candidates[order[i]].Name}";
        }

        span.SetTag("llm_d.epp.picker.candidate_endpoints", candidates.Length);
        span.SetTag("llm_d.epp.picker.top_endpoints", names);
        span.SetTag("llm_d.epp.picker.top_scores", keys[..count]);
        return span;
    }
}
