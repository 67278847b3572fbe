using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary><c>kv-cache-utilization-scorer</c>: 1 minus the fraction of the KV cache in use; 0 where the server does not answer.</summary>
/// <remarks>
/// A server that answers but does not tell is taken for the mean of the candidates that do, or half full where none does: it is neither
/// starved nor sought for its silence.
/// </remarks>
public sealed class KvCacheUtilizationScorer(FreshnessPolicy freshness) : IScorer
{
    /// <inheritdoc/>
    public void Score(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, Span<double> scores)
    {
        double sum = 0;
        int known = 0;
        int silent = 0;
        for (int i = 0; i < candidates.Length; i++)
        {
            if (!freshness.IsFresh(candidates[i], context.Now))
            {
                scores[i] = 0;
            }
            else if (candidates[i].Signals.KvCacheUsage is { } usage)
            {
                scores[i] = 1 - usage;
                sum += scores[i];
                known++;
            }
            else
            {
                scores[i] = double.NaN;
                silent++;
            }
        }

        if (silent > 0)
        {
            double middle = known > 0 ? sum / known : 0.5;
            for (int i = 0; i < scores.Length; i++)
            {
                scores[i] = double.IsNaN(scores[i]) ? middle : scores[i];
            }
        }
    }
}
