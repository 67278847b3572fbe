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
}
