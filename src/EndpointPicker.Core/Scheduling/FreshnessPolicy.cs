using System.Globalization;
using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling;

/// <summary>
/// Decides whether an endpoint's signals may be believed: they keep their last value until they are older than the threshold, then the
/// endpoint counts as never scraped.
/// </summary>
public sealed class FreshnessPolicy
{
    private readonly long _threshold;
    private readonly long _frequency;

    /// <summary>Makes the policy.</summary>
    /// <param name="time">The clock that the scrapes are stamped with.</param>
    /// <param name="threshold">How old signals may be; the reference's default is 2 seconds.</param>
    public FreshnessPolicy(TimeProvider time, TimeSpan threshold)
    {
        ArgumentNullException.ThrowIfNull(time);
        _frequency = time.TimestampFrequency;
        _threshold = (long)(threshold.TotalSeconds * time.TimestampFrequency);
    }

    /// <summary>Whether the endpoint's signals may be believed.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="now">The moment of the pick, in ticks of the time provider.</param>
    /// <returns><see langword="false"/> where it was never scraped, or too long ago.</returns>
    public bool IsFresh(Endpoint endpoint, long now) => IsFresh(endpoint.ScrapedAt, now);

    /// <summary>Whether signals may be believed.</summary>
    /// <param name="scrapedAt">When they came, in ticks of the time provider; <see cref="long.MinValue"/> for never.</param>
    /// <param name="now">The moment of the pick, in ticks of the time provider.</param>
    /// <returns><see langword="false"/> where they never came, or too long ago.</returns>
    public bool IsFresh(long scrapedAt, long now) => scrapedAt != long.MinValue && now - scrapedAt <= _threshold;

    /// <summary>Says in words how old signals are.</summary>
    /// <param name="scrapedAt">When they came, in ticks of the time provider; <see cref="long.MinValue"/> for never.</param>
    /// <param name="now">The moment of the pick, in ticks of the time provider.</param>
    /// <returns>A short text such as <c>never scraped</c>.</returns>
    public string Describe(long scrapedAt, long now) =>
        scrapedAt == long.MinValue
            ? "never scraped"
            : string.Create(CultureInfo.InvariantCulture, $"scraped {Seconds(now - scrapedAt):0.###} s ago, at most {Seconds(_threshold):0.###} s counts");

    private double Seconds(long ticks) => Math.Max(0, ticks) / (double)_frequency;
}
