namespace EndpointPicker.LoadGenerator.Load;

/// <summary>Percentiles of a set of durations, exact and in microseconds.</summary>
public sealed record Latencies(double P50, double P90, double P99, double P999, double Max)
{
    /// <summary>The nearest-rank percentiles; all zero for an empty set.</summary>
    public static Latencies Of(IEnumerable<TimeSpan> durations)
    {
        double[] sorted = [.. durations.Select(duration => duration.TotalMicroseconds).Order()];
        return new Latencies(At(sorted, 0.5), At(sorted, 0.9), At(sorted, 0.99), At(sorted, 0.999), At(sorted, 1));
    }

    private static double At(double[] sorted, double share) => sorted.Length == 0 ? 0 : sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * share) - 1)];
}
