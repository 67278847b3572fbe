using System.Collections.Frozen;
using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling;

/// <summary>What was known of an endpoint when a pick was made; the endpoint itself may know better by now.</summary>
/// <param name="Endpoint">The endpoint; only what never changes of it may be read.</param>
/// <param name="Signals">Its signals.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="ScrapedAt">When those signals came, in ticks of the time provider; <see cref="long.MinValue"/> for never.</param>
/// <param name="At">The moment of the pick, in ticks of the time provider.</param>
/// <param name="InFlight">This picker's requests in flight there.</param>
public readonly record struct EndpointObservation(
    Endpoint Endpoint,
    EndpointSignals Signals,
    FrozenDictionary<string, string> Labels,
    long ScrapedAt,
    long At,
    int InFlight);
