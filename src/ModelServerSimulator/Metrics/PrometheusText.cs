using System.Buffers;
using System.Globalization;
using System.Text;

namespace ModelServerSimulator.Metrics;

/// <summary>Writes the text format the way Python's client library does, numbers included.</summary>
internal sealed class PrometheusText(IBufferWriter<byte> output)
{
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

    private void Line(string line)
    {
        Encoding.UTF8.GetBytes(line, output);
        output.Write("\n"u8);
    }
}
