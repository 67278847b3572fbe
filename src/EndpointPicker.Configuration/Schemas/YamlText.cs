using System.Globalization;
using System.Text;

namespace EndpointPicker.Configuration.Schemas;

/// <summary>Writes YAML, block style, two spaces a level.</summary>
internal sealed class YamlText
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _dash;

    /// <summary>Quotes a text where a plain one would read as something else.</summary>
    /// <param name="value">The text.</param>
    /// <returns>A YAML scalar that reads back as the text.</returns>
    public static string Quote(string value)
    {
        if (IsPlain(value))
        {
            return value;
        }

        StringBuilder quoted = new("\"");
        foreach (char c in value)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append(@"\\"),
                < ' ' or (>= '\x7f' and <= '\xa0') or '\u2028' or '\u2029' or '\ufeff' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    public void Scalar(string name, string value) => Line($"{name}: {value}");

    public void Comment(string comment) => Line("# " + comment);

    public void Object(string name, Action<YamlText> content)
    {
        int before = _text.Length;
        Line(name + ":");
        int after = _text.Length;
        _depth++;
        content(this);
        _depth--;
        if (_text.Length == after)
        {
            _text.Length = before;
        }
    }

    public void List<T>(string name, IReadOnlyList<T> items, Action<T, YamlText> item)
    {
        Line(name + ":");
        _depth++;
        foreach (T each in items)
        {
            _dash = true;
            _depth++;
            item(each, this);
            _depth--;
            if (_dash)
            {
                Line("{}", _depth + 1);
            }
        }

        _depth--;
    }

    public override string ToString() => _text.ToString();

    private void Line(string line) => Line(line, _depth);

    private void Line(string line, int depth)
    {
        _text.Append(' ', 2 * (_dash ? depth - 1 : depth));
        if (_dash)
        {
            _text.Append("- ");
            _dash = false;
        }

        _text.Append(line).Append('\n');
    }

    private static bool IsPlain(string value)
    {
        if (value.Length == 0 || !(char.IsAsciiLetter(value[0]) || value[0] is '/' or '_'))
        {
            return false;
        }

        foreach (char c in value)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('/' or '_' or '-' or '.'))
            {
                return false;
            }
        }

        return value.ToLowerInvariant() is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n");
    }
}
