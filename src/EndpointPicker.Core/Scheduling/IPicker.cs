using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling;

/// <summary>Chooses among scored candidates.</summary>
public interface IPicker
{
    /// <summary>Ranks the endpoints to try, best first.</summary>
    /// <param name="context">The request and what is known about it.</param>
    /// <param name="candidates">The candidates; never empty.</param>
    /// <param name="totals">Their weighted totals.</param>
    /// <param name="picks">Where the chosen indexes into <paramref name="candidates"/> go; as long as the candidates.</param>
    /// <returns>How many are chosen, at least one.</returns>
    int Pick(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, ReadOnlySpan<double> totals, Span<int> picks);
}
