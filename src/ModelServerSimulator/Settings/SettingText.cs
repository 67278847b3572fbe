using System.Globalization;

namespace ModelServerSimulator.Settings;

/// <summary>Settings as people write them; a <see cref="FormatException"/> or <see cref="OverflowException"/> where the text is none.</summary>
internal static class SettingText
{
    /// <summary>A count: digits alone.</summary>
    public static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>A share of requests, 0 to 1.</summary>
    public static double Rate(string text) => Decimal(text) is <= 1 and var rate ? rate : throw new FormatException();

    /// <summary>A number above zero, at most a million.</summary>
    public static double Factor(string text) => Decimal(text) is > 0 and <= 1e6 and var factor ? factor : throw new FormatException();

    /// <summary>A time with its unit: 250us, 8ms, 0.5s.</summary>
    public static TimeSpan Duration(string text)
    {
        (string digits, long ticks) = text switch
        {
            _ when text.EndsWith("us", StringComparison.Ordinal) => (text[..^2], TimeSpan.TicksPerMicrosecond),
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], TimeSpan.TicksPerMillisecond),
            _ when text.EndsWith('s') => (text[..^1], TimeSpan.TicksPerSecond),
            _ => throw new FormatException(),
        };
        return new TimeSpan(checked((long)(decimal.Parse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * ticks)));
    }

    /// <summary>Names with commas between them; blanks around a name are dropped.</summary>
    public static IReadOnlyList<string> Names(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static string Show(TimeSpan value) => value.Ticks % TimeSpan.TicksPerMillisecond == 0
        ? Show(value.TotalMilliseconds) + "ms"
        : Show(value.TotalMicroseconds) + "us";

    private static double Decimal(string text) => double.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    private static string Show(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
