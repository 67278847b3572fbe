using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling;

/// <summary>
/// Decides whether an endpoint's signals may be believed: they keep their last value until they are older than the threshold, then the
/// endpoint counts as never scraped.
/// </summary>
public sealed class FreshnessPolicy
{
    private readonly long _threshold;

    /// <summary>Makes the policy.</summary>
    /// <param name="time">The clock that the scrapes are stamped with.</param>
    /// <param name="threshold">How old signals may be; the reference's default is 2 seconds.</param>
    public FreshnessPolicy(TimeProvider time, TimeSpan threshold)
    {
        ArgumentNullException.ThrowIfNull(time);
        _threshold = (long)(threshold.TotalSeconds * time.TimestampFrequency);
    }

    /// <summary>Whether the endpoint's signals may be believed.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="now">The moment of the pick, in ticks of the time provider.</param>
    /// <returns><see langword="false"/> where it was never scraped, or too long ago.</returns>
    public bool IsFresh(Endpoint endpoint, long now)
    {
        long scrapedAt = endpoint.ScrapedAt;
        return scrapedAt != long.MinValue && now - scrapedAt <= _threshold;
    }
}
