using System.Buffers;
using System.Globalization;

namespace EndpointPicker.Configuration.Values;

/// <summary>Reads durations as the reference's flags and configuration write them: <c>50ms</c>, <c>1m30s</c>, <c>0</c>.</summary>
/// <remarks>https://pkg.go.dev/time#ParseDuration</remarks>
public static class GoDuration
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly (string Unit, double Ticks)[] Units =
    [
        ("ns", 0.01), ("us", 10), ("µs", 10), ("μs", 10), ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>Reads a duration.</summary>
    /// <param name="text">A sign, then numbers with units; <c>0</c> needs none.</param>
    /// <param name="duration">The duration; zero where the text is wrong.</param>
    /// <returns>Whether the text is a duration.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        bool negative = text.StartsWith("-", StringComparison.Ordinal);
        ReadOnlySpan<char> rest = negative || text.StartsWith("+", StringComparison.Ordinal) ? text[1..] : text;
        if (rest is "0")
        {
            return true;
        }

        double ticks = 0;
        if (rest.IsEmpty)
        {
            return false;
        }

        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            {
                return false;
            }

            rest = rest[digits..];
            int unitLength = rest.IndexOfAny(Digits);
            if (UnitTicks(unitLength < 0 ? rest : rest[..unitLength]) is not { } unit)
            {
                return false;
            }

            ticks += number * unit;
            rest = unitLength < 0 ? [] : rest[unitLength..];
        }

        if (ticks > long.MaxValue)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)Math.Round(negative ? -ticks : ticks));
        return true;
    }

    private static double? UnitTicks(ReadOnlySpan<char> unit)
    {
        foreach ((string name, double ticks) in Units)
        {
            if (unit.SequenceEqual(name))
            {
                return ticks;
            }
        }

        return null;
    }
}
