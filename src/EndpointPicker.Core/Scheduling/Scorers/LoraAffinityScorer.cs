using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary>
/// <c>lora-affinity-scorer</c>: 1 where the request's adapter is resident, 0.8 where a slot is free for it, 0.6 where it waits already, else 0.
/// Residency is <see cref="AdapterResidency"/>'s, because the gauge that the reference reads forgets idle adapters; free slots are counted as
/// the reference counts them.
/// </summary>
public sealed class LoraAffinityScorer(FreshnessPolicy freshness) : IScorer
{
    /// <inheritdoc/>
    public void Score(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, Span<double> scores)
    {
        string adapter = context.Request.TargetModel;
        int hash = AdapterResidency.Hash(adapter);
        for (int i = 0; i < candidates.Length; i++)
        {
            if (freshness.IsFresh(candidates[i], context.Now))
            {
                scores[i] = candidates[i].Adapters.Holds(hash) ? 1 : Absent(candidates[i].Signals, adapter);
            }
        }
    }

    private static double Absent(EndpointSignals signals, string adapter)
    {
        if (signals.MaxAdapters > 0 && signals.RunningAdapters.Count + signals.WaitingAdapters.Count < signals.MaxAdapters)
        {
            return 0.8;
        }

        for (int i = 0; i < signals.WaitingAdapters.Count; i++)
        {
            if (string.Equals(signals.WaitingAdapters[i], adapter, StringComparison.Ordinal))
            {
                return 0.6;
            }
        }

        return 0;
    }
}
