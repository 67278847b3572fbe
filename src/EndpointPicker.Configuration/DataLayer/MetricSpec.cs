using System.Text;

namespace EndpointPicker.Configuration.DataLayer;

/// <summary>
/// Which series of a metrics page holds a signal: a family, and label values that must be equal. The text form is <c>family</c> or
/// <c>family{label=value,label2="value2"}</c>.
/// </summary>
/// <param name="Family">The family's exact name.</param>
/// <param name="Matchers">Labels and the values that they must have; empty where any series of the family will do.</param>
public sealed record MetricSpec(string Family, IReadOnlyList<(string Name, string Value)> Matchers)
{
    /// <summary>Reads the text form.</summary>
    /// <param name="text">The text.</param>
    /// <param name="spec">The specification.</param>
    /// <param name="error">What is wrong with the text.</param>
    /// <returns>Whether the text is a specification.</returns>
    public static bool TryParse(string text, out MetricSpec? spec, out string? error)
    {
        spec = null;
        string trimmed = text.Trim();
        int brace = trimmed.IndexOf('{');
        string family = (brace < 0 ? trimmed : trimmed[..brace]).TrimEnd();
        if (!IsName(family, colon: true))
        {
            error = family.Length == 0 ? "the metric's name is missing" : $"'{family}' is no metric name";
            return false;
        }

        if (brace < 0)
        {
            spec = new MetricSpec(family, []);
            error = null;
            return true;
        }

        if (trimmed[^1] != '}')
        {
            error = "the closing '}' is missing";
            return false;
        }

        List<(string, string)> matchers = [];
        if (!TryReadMatchers(trimmed.AsSpan(brace + 1, trimmed.Length - brace - 2), matchers, out error))
        {
            return false;
        }

        spec = new MetricSpec(family, matchers);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Matchers.Count == 0)
        {
            return Family;
        }

        StringBuilder text = new(Family);
        char before = '{';
        foreach ((string name, string value) in Matchers)
        {
            text.Append(before).Append(name).Append("=\"").Append(value.Replace("\\", "\\\\").Replace("\"", "\\\"")).Append('"');
            before = ',';
        }

        return text.Append('}').ToString();
    }

    /// <inheritdoc/>
    public bool Equals(MetricSpec? other) => other is not null && Family == other.Family && Matchers.SequenceEqual(other.Matchers);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Family, Matchers.Count);

    private static bool TryReadMatchers(ReadOnlySpan<char> text, List<(string, string)> matchers, out string? error)
    {
        text = text.Trim();
        while (!text.IsEmpty)
        {
            int equals = text.IndexOf('=');
            if (equals < 0)
            {
                error = $"'{text}' is not of the form label=value";
                return false;
            }

            string label = text[..equals].Trim().ToString();
            if (!IsName(label, colon: false))
            {
                error = label.EndsWith('!') || label.EndsWith('~') ? "only '=' can compare a label" : $"'{label}' is no label name";
                return false;
            }

            text = text[(equals + 1)..].TrimStart();
            if (text is ['~', ..])
            {
                error = "only '=' can compare a label";
                return false;
            }

            if (!TryReadValue(ref text, out string value))
            {
                error = $"the value of label '{label}' has no closing quote";
                return false;
            }

            matchers.Add((label, value));
            text = text.TrimStart();
            if (!text.IsEmpty)
            {
                if (text[0] != ',')
                {
                    error = $"a ',' is missing after label '{label}'";
                    return false;
                }

                text = text[1..].TrimStart();
            }
        }

        error = null;
        return true;
    }

    private static bool TryReadValue(ref ReadOnlySpan<char> text, out string value)
    {
        if (text is not ['"', ..])
        {
            int comma = text.IndexOf(',');
            int length = comma < 0 ? text.Length : comma;
            value = text[..length].TrimEnd().ToString();
            text = text[length..];
            return true;
        }

        StringBuilder unquoted = new();
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                value = unquoted.ToString();
                text = text[(i + 1)..];
                return true;
            }

            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
                unquoted.Append(text[i] == 'n' ? '\n' : text[i]);
            }
            else
            {
                unquoted.Append(text[i]);
            }
        }

        value = "";
        return false;
    }

    private static bool IsName(string text, bool colon)
    {
        if (text.Length == 0 || char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_' && !(colon && c == ':'))
            {
                return false;
            }
        }

        return true;
    }
}
