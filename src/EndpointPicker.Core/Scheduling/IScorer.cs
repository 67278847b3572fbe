using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling;

/// <summary>Scores candidates, 0 for the worst to 1 for the best; the profile clamps and weighs.</summary>
public interface IScorer
{
    /// <summary>Scores all candidates in one call.</summary>
    /// <param name="context">The request and what is known about it.</param>
    /// <param name="candidates">The candidates.</param>
    /// <param name="scores">Where the scores go, one a candidate; all 0 on entry.</param>
    void Score(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, Span<double> scores);
}
