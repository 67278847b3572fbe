using System.Globalization;
using EndpointPicker.Configuration.Values;

namespace EndpointPicker.Hosting.CommandLine;

/// <summary>Reads single flags as what they are; a wrong one is noted and its default stands in.</summary>
internal sealed class FlagReader(FlagValues values)
{
    public string Text(string name) => values.Given.GetValueOrDefault(name) ?? Default(name);

    public string? OptionalText(string name) => Text(name) is { Length: > 0 } text ? text : null;

    public bool Boolean(string name) => Text(name) switch
    {
        "true" or "1" or "t" or "T" or "TRUE" or "True" => true,
        "false" or "0" or "f" or "F" or "FALSE" or "False" => false,
        _ => Wrong(name, "expected true or false") != 0,
    };

    public int Integer(string name) =>
        int.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : Wrong(name, "expected a whole number");

    public int Positive(string name) => Integer(name) is > 0 and int number ? number : Wrong(name, "expected a number above 0") + 1;

    public int Port(string name) => Integer(name) is >= 0 and <= 65535 and int port ? port : Wrong(name, "expected a port from 0 to 65535");

    public TimeSpan Duration(string name)
    {
        if (GoDuration.TryParse(Text(name), out TimeSpan duration) && duration >= TimeSpan.Zero)
        {
            return duration;
        }

        Wrong(name, "expected a duration such as 50ms, 2s or 1m30s");
        return TimeSpan.Zero;
    }

    /// <summary>Reads a size in bytes; a trailing B is dropped, as the reference does (25MB is 25M).</summary>
    public long Size(string name, string whenZero)
    {
        string text = Text(name);
        string quantity = text.EndsWith('B') || text.EndsWith('b') ? text[..^1] : text;
        if (quantity.Length == 0 || quantity == "0")
        {
            quantity = whenZero;
        }

        return Quantity.TryParse(quantity, out long size) && size > 0 ? size : Wrong(name, "expected a size such as 16Mi or 25MB");
    }

    public string OneOf(string name, params ReadOnlySpan<string> choices)
    {
        string text = Text(name);
        foreach (string choice in choices)
        {
            if (text == choice)
            {
                return text;
            }
        }

        Wrong(name, $"expected one of {string.Join(", ", choices.ToArray().Where(choice => choice.Length > 0))}");
        return choices[0];
    }

    public IReadOnlyList<string> List(string name) => Text(name).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Reads a list of <c>KEY=VALUE</c>.</summary>
    public IReadOnlyList<(string Key, string Value)> Pairs(string name)
    {
        List<(string Key, string Value)> pairs = [];
        foreach (string item in List(name))
        {
            int equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == item.Length - 1)
            {
                values.Errors.Add($"--{name}={item}: expected two texts with an equals sign between them; --help says which");
                continue;
            }

            pairs.Add((item[..equals], item[(equals + 1)..]));
        }

        return pairs;
    }

    /// <summary>Notes that a flag's value is wrong.</summary>
    /// <returns>0, to stand in for a number.</returns>
    public int Wrong(string name, string expected)
    {
        values.Errors.Add($"--{name}={Text(name)}: {expected}");
        return 0;
    }

    private static string Default(string name) => FlagTable.All.First(flag => flag.Name == name).Default;
}
