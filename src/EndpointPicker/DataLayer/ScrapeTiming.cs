namespace EndpointPicker.DataLayer;

/// <summary>When a target is fetched, in ticks of the time provider.</summary>
/// <param name="Interval">From one start to the next.</param>
/// <param name="Timeout">How long a fetch may take.</param>
/// <param name="MaxBackOff">The longest pause after failures; at least the interval counts.</param>
internal readonly record struct ScrapeTiming(long Interval, long Timeout, long MaxBackOff)
{
    /// <summary>The pause after so many failures in a row: doubled each time, up to the bound.</summary>
    public long BackOff(int failures)
    {
        long bound = Math.Max(Interval, MaxBackOff);
        return failures >= 16 ? bound : Math.Min(bound, Interval << failures);
    }
}
