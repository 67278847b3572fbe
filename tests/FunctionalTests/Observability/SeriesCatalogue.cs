using System.Text.RegularExpressions;

namespace FunctionalTests.Observability;

/// <summary>Which series there are, with which labels, as pages of metrics show them.</summary>
internal sealed partial class SeriesCatalogue
{
    /// <summary>What Prometheus itself puts on each series that it scrapes.</summary>
    private static readonly string[] TargetLabels = ["job", "instance", "namespace"];

    private readonly Dictionary<string, HashSet<string>> _labels = new(StringComparer.Ordinal) { ["up"] = [.. TargetLabels] };

    public SeriesCatalogue(params IEnumerable<string> pages)
    {
        foreach (string line in pages.SelectMany(page => page.Split('\n')))
        {
            if (Sample().Match(line) is { Success: true } sample)
            {
                string name = sample.Groups[1].Value;
                HashSet<string> labels = _labels.TryGetValue(name, out HashSet<string>? known) ? known : _labels[name] = [.. TargetLabels];
                labels.UnionWith(Label().Matches(sample.Groups[2].Value).Select(label => label.Groups[1].Value));
            }
        }
    }

    public IEnumerable<string> Names => _labels.Keys;

    /// <summary>What is wrong with a query: series that are not there, labels that they do not have.</summary>
    /// <param name="variants">The query, once for each value of a variable that names metrics; the first is the one that all must exist in.</param>
    public IEnumerable<string> Faults(params IReadOnlyList<string> variants)
    {
        PromQuery[] queries = [.. variants.Select(PromQuery.Parse)];
        foreach ((PromQuery query, string text) in queries.Zip(variants))
        {
            if (query.Selectors.Count == 0)
            {
                yield return $"{text} names no series";
            }

            foreach (PromQuery.Selector selector in query.Selectors)
            {
                HashSet<string>? labels = LabelsOf(selector);
                if (labels is null)
                {
                    yield return $"no series is called {selector.Pattern}";
                }

                foreach (string label in selector.Labels.Where(label => labels?.Contains(label) == false))
                {
                    yield return $"{selector.Pattern} has no label {label}";
                }

                foreach (string label in query.Joins.Where(label => labels?.Contains(label) == false))
                {
                    yield return $"{selector.Pattern} has no label {label} to join on";
                }
            }
        }

        // A label by which one variant's series are grouped may be missing in another's: it is empty there.
        for (int i = 0; i < queries[0].Selectors.Count; i++)
        {
            HashSet<string> labels = [.. queries.SelectMany(query => LabelsOf(query.Selectors[i]) ?? [])];
            foreach (string label in queries[0].Groupings.Where(grouping => grouping.Covers(queries[0].Selectors[i])).SelectMany(grouping => grouping.Labels).Where(label => labels.Count > 0 && !labels.Contains(label)))
            {
                yield return $"{queries[0].Selectors[i].Pattern} has no label {label} to group by";
            }
        }
    }

    /// <summary>The labels that a query's result has.</summary>
    public IReadOnlyCollection<string> ResultLabels(string query)
    {
        PromQuery parsed = PromQuery.Parse(query);
        return parsed.Labels ?? [.. parsed.Selectors.SelectMany(selector => LabelsOf(selector) ?? []).Distinct()];
    }

    private HashSet<string>? LabelsOf(PromQuery.Selector selector)
    {
        HashSet<string>[] named = [.. _labels.Where(series => selector.Names(series.Key)).Select(series => series.Value)];
        return named.Length == 0 ? null : [.. named.SelectMany(labels => labels)];
    }

    [GeneratedRegex(@"^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})? ")]
    private static partial Regex Sample();

    [GeneratedRegex("[{,]([a-zA-Z_][a-zA-Z0-9_]*)=\"")]
    private static partial Regex Label();
}
