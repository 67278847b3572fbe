using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling;

/// <summary>A plugin that learns what was picked; producers, filters and scorers may be one as well.</summary>
public interface IPickObserver
{
    /// <summary>Takes the outcome of a pick, after the first endpoint's reservation.</summary>
    /// <param name="context">The context of the pick, facts included.</param>
    /// <param name="picks">The endpoints to try, best first; never empty.</param>
    /// <param name="reservation">The place that the request holds on the first of them.</param>
    void Picked(in SchedulingContext context, ReadOnlySpan<Endpoint> picks, Reservation reservation);
}
