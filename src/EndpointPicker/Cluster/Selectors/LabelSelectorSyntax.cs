using System.Globalization;
using System.Text.RegularExpressions;

namespace EndpointPicker.Cluster.Selectors;

/// <summary>
/// The notation of Kubernetes label selectors: <c>app=vllm,tier!=test,zone in (a, b),stage notin (dev),gpu,!canary,cores&gt;4</c>. The API
/// server does the selecting; this finds mistakes before it is asked.
/// </summary>
internal sealed partial class LabelSelectorSyntax
{
    private const string Symbols = "=!(),><";
    private const int LongestName = 63;
    private const int LongestPrefix = 253;

    private readonly List<string> _tokens;
    private int _next;

    private LabelSelectorSyntax(string text) => _tokens = [.. Token().Matches(text).Select(match => match.Value)];

    private string Ahead => _next < _tokens.Count ? _tokens[_next] : "";

    /// <summary>Looks for a mistake.</summary>
    /// <param name="text">The selector.</param>
    /// <returns>What is wrong; <see langword="null"/> where nothing is.</returns>
    public static string? FindFault(string text) => new LabelSelectorSyntax(text).Requirements();

    private string? Requirements()
    {
        if (Ahead.Length == 0)
        {
            return null;
        }

        while (true)
        {
            if (Requirement() is { } fault)
            {
                return fault;
            }

            if (Ahead.Length == 0)
            {
                return null;
            }

            if (!Take(","))
            {
                return Expected("',' or the end");
            }
        }
    }

    private string? Requirement()
    {
        bool absent = Take("!");
        if (!TakeWord(out string key))
        {
            return Expected(absent ? "a label's key" : "a label's key or '!'");
        }

        if (KeyFault(key) is { } fault)
        {
            return fault;
        }

        if (absent || Ahead is "" or ",")
        {
            return null;
        }

        string comparison = _tokens[_next++];
        switch (comparison)
        {
            case "in" or "notin":
                return Set();
            case "=" or "==" or "!=":
                return ValueFault(TakeWord(out string value) ? value : "");
            case ">" or "<":
                _ = TakeWord(out string bound);
                return long.TryParse(bound, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? null : $"'{bound}' after '{comparison}' is no whole number";
            default:
                return $"found '{comparison}' after the key '{key}', expected in, notin, =, ==, !=, < or >";
        }
    }

    private string? Set()
    {
        if (!Take("("))
        {
            return Expected("'('");
        }

        while (!Take(")"))
        {
            if (TakeWord(out string value))
            {
                if (ValueFault(value) is { } fault)
                {
                    return fault;
                }

                if (Ahead is not ("," or ")"))
                {
                    return Expected("',' or ')'");
                }
            }
            else if (!Take(","))
            {
                return Expected("a value, ',' or ')'");
            }
        }

        return null;
    }

    private bool Take(string symbol)
    {
        bool taken = Ahead == symbol;
        _next += taken ? 1 : 0;
        return taken;
    }

    private bool TakeWord(out string word)
    {
        word = Ahead;
        if (word.Length == 0 || Symbols.Contains(word[0], StringComparison.Ordinal))
        {
            word = "";
            return false;
        }

        _next++;
        return true;
    }

    private string Expected(string what) => $"{(Ahead.Length == 0 ? "it ends" : $"found '{Ahead}'")} where {what} is expected";

    private static string? KeyFault(string key)
    {
        int slash = key.IndexOf('/', StringComparison.Ordinal);
        string name = key[(slash + 1)..];
        bool prefixed = slash < 0 || (slash is > 0 and <= LongestPrefix && Prefix().IsMatch(key.AsSpan(0, slash)));
        return prefixed && name.Length is > 0 and <= LongestName && Name().IsMatch(name)
            ? null
            : $"'{key}' is no label key: an optional DNS name and '/', then at most {LongestName} letters, digits, '-', '_' and '.', with a letter or digit at both ends";
    }

    private static string? ValueFault(string value) =>
        value.Length == 0 || (value.Length <= LongestName && Name().IsMatch(value))
            ? null
            : $"'{value}' is no label value: at most {LongestName} letters, digits, '-', '_' and '.', with a letter or digit at both ends";

    [GeneratedRegex(@"==|!=|[=!(),><]|[^\s=!(),><]+")]
    private static partial Regex Token();

    [GeneratedRegex(@"^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Prefix();
}
