namespace EndpointPicker.Demo.Figures;

/// <summary>Times in short: mean and nearest-rank percentiles; all zero when there are none.</summary>
internal readonly record struct Distribution(int Count, TimeSpan Mean, TimeSpan P50, TimeSpan P95, TimeSpan P99)
{
    public static Distribution Of(IEnumerable<TimeSpan> times)
    {
        TimeSpan[] sorted = [.. times.Order()];
        return sorted.Length == 0
            ? default
            : new Distribution(sorted.Length, TimeSpan.FromTicks((long)sorted.Average(time => time.Ticks)), At(sorted, 50), At(sorted, 95), At(sorted, 99));
    }

    private static TimeSpan At(TimeSpan[] sorted, int percent) => sorted[Math.Max(0, ((sorted.Length * percent) + 99) / 100 - 1)];
}
