using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary>
/// <c>active-request-scorer</c>: 1 for an idle endpoint, else the fewer requests of this picker are in flight there, the better, against the
/// busiest candidate.
/// </summary>
public sealed class ActiveRequestScorer(ActiveRequestScorerOptions options) : IScorer
{
    private readonly double _maxBusyScore = options.MaxBusyScore is >= 0 and <= 1 ? options.MaxBusyScore : 1;

    /// <inheritdoc/>
    public void Score(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, Span<double> scores)
    {
        double busiest = 0;
        for (int i = 0; i < candidates.Length; i++)
        {
            scores[i] = candidates[i].InFlight.Requests;
            busiest = Math.Max(busiest, scores[i]);
        }

        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = scores[i] <= options.IdleThreshold ? 1 : (busiest - scores[i]) / busiest * _maxBusyScore;
        }
    }
}
