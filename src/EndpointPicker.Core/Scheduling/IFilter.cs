using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling;

/// <summary>Removes candidates.</summary>
public interface IFilter
{
    /// <summary>Moves the candidates that stay to the front of the span, in their order.</summary>
    /// <param name="context">The request and what is known about it.</param>
    /// <param name="candidates">The candidates; rewritten in place.</param>
    /// <returns>How many stay.</returns>
    int Filter(in SchedulingContext context, Span<Endpoint> candidates);

    /// <summary>Says why an endpoint was removed; asked when somebody reads a recorded decision, never during a pick.</summary>
    /// <param name="seen">The endpoint as it was.</param>
    /// <returns>A short text without the endpoint's name; <see langword="null"/> where the filter has none.</returns>
    string? Explain(in EndpointObservation seen) => null;
}
