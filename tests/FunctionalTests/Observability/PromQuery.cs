using System.Text.RegularExpressions;

namespace FunctionalTests.Observability;

/// <summary>What a PromQL expression asks for: its series, and the labels that it matches, groups and joins by.</summary>
/// <remarks>Not a whole parser: grouping stands before its operand (<c>sum by (a) (x)</c>), and there is no <c>without</c> or <c>ignoring</c>.</remarks>
internal sealed partial class PromQuery
{
    private static readonly HashSet<string> Aggregations = ["sum", "min", "max", "avg", "count", "topk", "bottomk", "quantile", "group"];
    private static readonly HashSet<string> Words = ["and", "or", "unless", "bool", "offset"];

    private readonly List<string> _tokens;
    private readonly List<Selector> _selectors = [];
    private readonly List<Grouping> _groupings = [];
    private readonly List<string> _joins = [];

    private PromQuery(string text) => _tokens = [.. Token().Matches(text).Select(match => match.Value)];

    public IReadOnlyList<Selector> Selectors => _selectors;

    public IReadOnlyList<Grouping> Groupings => _groupings;

    /// <summary>The labels of <c>on</c>.</summary>
    public IReadOnlyList<string> Joins => _joins;

    /// <summary>The labels that the result can have; <see langword="null"/> where it has all that its series have.</summary>
    public IReadOnlyCollection<string>? Labels =>
        _tokens.Exists(Aggregations.Contains) ? [.. _groupings.SelectMany(grouping => grouping.Labels).Distinct()] : null;

    public static PromQuery Parse(string text)
    {
        PromQuery query = new(text);
        query.Read();
        return query;
    }

    private void Read()
    {
        for (int at = 0; at < _tokens.Count;)
        {
            string token = _tokens[at];
            string next = at + 1 < _tokens.Count ? _tokens[at + 1] : "";
            if (Aggregations.Contains(token) && next == "by")
            {
                (List<string> labels, at) = Names(at + 2);
                _groupings.Add(new Grouping(labels, at, Close(at)));
            }
            else if (token is "on" or "group_left" or "group_right")
            {
                at++;
                if (next == "(")
                {
                    (List<string> labels, at) = Names(at);
                    _joins.AddRange(labels);
                }
            }
            else if (token is "by" or "without" or "ignoring")
            {
                throw new FormatException($"\"{token}\" after {string.Join(' ', _tokens[..at])}: write sum by (label) (operand), and no without or ignoring");
            }
            else if (token == "{" || (Name().IsMatch(token) && next != "(" && !Words.Contains(token)))
            {
                at = Series(at);
            }
            else
            {
                at++;
            }
        }
    }

    private int Series(int at)
    {
        int first = at;
        Selector selector = new(first, _tokens[at] == "{" ? null : Regex.Escape(_tokens[at++]));
        if (at < _tokens.Count && _tokens[at] == "{")
        {
            for (at++; _tokens[at] != "}"; at += _tokens[at + 3] == "," ? 4 : 3)
            {
                (string label, string kind, string value) = (_tokens[at], _tokens[at + 1], _tokens[at + 2][1..^1]);
                if (label == "__name__")
                {
                    selector.Pattern = kind == "=~" ? value : Regex.Escape(value);
                }
                else
                {
                    selector.Labels.Add(label);
                }
            }

            at++;
        }

        _selectors.Add(selector);
        return at;
    }

    private (List<string> Names, int After) Names(int open)
    {
        int close = Close(open);
        return ([.. _tokens[(open + 1)..close].Where(token => token != ",")], close + 1);
    }

    private int Close(int open)
    {
        int depth = 0;
        for (int at = open; at < _tokens.Count; at++)
        {
            depth += _tokens[at] == "(" ? 1 : _tokens[at] == ")" ? -1 : 0;
            if (depth == 0)
            {
                return at;
            }
        }

        throw new FormatException($"a bracket is not closed: {string.Join(' ', _tokens)}");
    }

    // Strings; numbers and durations; names; operators. A range's brackets and what is in them go by as other tokens.
    [GeneratedRegex("""
        "[^"]*"|'[^']*'|\[[^\]]*\]|[0-9][0-9a-zA-Z.]*|[a-zA-Z_:][a-zA-Z0-9_:]*|=~|!~|!=|==|>=|<=|[-+*/%^<>=(){},]
        """)]
    private static partial Regex Token();

    [GeneratedRegex("^[a-zA-Z_:]")]
    private static partial Regex Name();

    /// <summary>A selector: where it stands, which metrics it names, and by which labels it chooses.</summary>
    internal sealed class Selector(int at, string? pattern)
    {
        public int At { get; } = at;

        public string? Pattern { get; set; } = pattern;

        public List<string> Labels { get; } = [];

        public bool Names(string metric) => Regex.IsMatch(metric, $"^(?:{Pattern})$");
    }

    /// <summary>The labels of an aggregation, and where its operand begins and ends.</summary>
    internal readonly record struct Grouping(IReadOnlyList<string> Labels, int From, int To)
    {
        public bool Covers(Selector selector) => selector.At > From && selector.At < To;
    }
}
