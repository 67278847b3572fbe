namespace EndpointPicker.Core.Endpoints;

/// <summary>What bounds the estimate of requests whose end is not seen.</summary>
/// <param name="SettleTicks">How much younger than a placement a scrape must be for its gauges to count that request.</param>
/// <param name="MaxAgeTicks">When a placement is taken for ended without any scrape.</param>
internal readonly record struct UnseenLimits(long SettleTicks, long MaxAgeTicks)
{
    // A quarter of a second is five scrapes at the default interval and above the step time of a loaded engine; a minute is longer than
    // nearly all answers, and only counts where the server is not scraped or serves other pickers too.
    private const double SettleSeconds = 0.25;
    private const double MaxAgeSeconds = 60;

    /// <summary>The limits in ticks of a clock.</summary>
    public static UnseenLimits Of(TimeProvider time) =>
        new((long)(SettleSeconds * time.TimestampFrequency), (long)(MaxAgeSeconds * time.TimestampFrequency));
}
