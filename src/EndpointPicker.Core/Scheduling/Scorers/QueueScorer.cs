using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary>
/// <c>queue-scorer</c>: the fewer requests wait in the model server, the better, min-max over the candidates.
/// </summary>
/// <remarks>
/// A server that answers but does not tell, as vLLM with several API servers before its first step, is taken to have what this picker has in
/// flight there: as the worst candidate it would never get the request that makes it tell. One that does not answer is the worst.
/// </remarks>
public sealed class QueueScorer(FreshnessPolicy freshness) : IScorer
{
    /// <inheritdoc/>
    public void Score(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, Span<double> scores)
    {
        for (int i = 0; i < candidates.Length; i++)
        {
            scores[i] = freshness.IsFresh(candidates[i], context.Now)
                ? candidates[i].Signals.WaitingRequests ?? candidates[i].InFlight.Requests
                : LowerIsBetter.Unknown;
        }

        LowerIsBetter.Normalise(scores);
    }
}
