using System.Buffers;
using System.Globalization;
using System.Text;

namespace ModelServerSimulator.Metrics;

/// <summary>Writes the text format the way Python's client library does, numbers included.</summary>
internal sealed class PrometheusText(IBufferWriter<byte> output)
{
    private static readonly string[] Endings = ["_total", "_created", "_bucket", "_count", "_sum"];

    public void Family(string name, string type, string help)
    {
        Line($"# HELP {name} {help}");
        Line($"# TYPE {name} {type}");
    }

    /// <summary>One sample; <paramref name="labels"/> as they stand between the braces, in alphabetical order.</summary>
    public void Sample(string name, string labels, double value) => Line($"{name}{{{labels}}} {Number(value)}");

    /// <summary>A double as Python's client prints it: a dot or an exponent always, and the latter from a million on.</summary>
    public static string Number(double value)
    {
        if (double.IsPositiveInfinity(value))
        {
            return "+Inf";
        }

        string digits = value.ToString("R", CultureInfo.InvariantCulture);
        if (digits.Contains('E', StringComparison.Ordinal))
        {
            return digits.Replace('E', 'e');
        }

        int dot = digits.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            dot = digits.Length;
            digits += ".0";
        }

        if (value <= 0 || dot <= 6)
        {
            return digits;
        }

        string mantissa = string.Concat(digits[..1], ".", digits[1..dot], digits[(dot + 1)..]).TrimEnd('0').TrimEnd('.');
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e+{dot - 1:00}");
    }

    /// <summary>A page without some families: their HELP, TYPE and samples, those with a counter's or histogram's endings too.</summary>
    public static byte[] Without(byte[] page, IReadOnlyList<string> families)
    {
        var kept = new ArrayBufferWriter<byte>(page.Length);
        ReadOnlySpan<byte> rest = page;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..(end + 1)];
            rest = rest[line.Length..];
            string name = NameOf(line);
            if (!families.Contains(name) && !families.Contains(WithoutEnding(name)))
            {
                kept.Write(line);
            }
        }

        return kept.WrittenSpan.ToArray();
    }

    private static string NameOf(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> name = line.StartsWith("# "u8) ? line["# HELP ".Length..] : line;
        int end = name.IndexOfAny((byte)'{', (byte)' ', (byte)'\n');
        return Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
    }

    private static string WithoutEnding(string name)
    {
        foreach (string ending in Endings)
        {
            if (name.EndsWith(ending, StringComparison.Ordinal))
            {
                return name[..^ending.Length];
            }
        }

        return name;
    }

    private void Line(string line)
    {
        Encoding.UTF8.GetBytes(line, output);
        output.Write("\n"u8);
    }
}
