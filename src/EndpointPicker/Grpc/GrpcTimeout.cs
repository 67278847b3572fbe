using System.Globalization;

namespace EndpointPicker.Grpc;

/// <summary>Reads the <c>grpc-timeout</c> header: one to eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;

    // The longest delay that a timer takes; a client that asks for more waits for ever in practice.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    /// <summary>Parses a header value; false when it is malformed.</summary>
    public static bool TryParse(ReadOnlySpan<char> value, out TimeSpan timeout)
    {
        timeout = default;
        if (value.Length is < 2 or > MaxDigits + 1
            || !int.TryParse(value[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int amount)
            || TicksPerUnit(value[^1]) is not { } ticksPerUnit)
        {
            return false;
        }

        // A part of a tick counts as a whole one, so that "1n" is a deadline and not its absence.
        double ticks = Math.Ceiling(amount * ticksPerUnit);
        timeout = ticks >= Longest.Ticks ? Longest : TimeSpan.FromTicks((long)ticks);
        return true;
    }

    private static double? TicksPerUnit(char unit) => unit switch
    {
        'H' => TimeSpan.TicksPerHour,
        'M' => TimeSpan.TicksPerMinute,
        'S' => TimeSpan.TicksPerSecond,
        'm' => TimeSpan.TicksPerMillisecond,
        'u' => TimeSpan.TicksPerMicrosecond,
        'n' => 1.0 / TimeSpan.NanosecondsPerTick,
        _ => null,
    };
}
