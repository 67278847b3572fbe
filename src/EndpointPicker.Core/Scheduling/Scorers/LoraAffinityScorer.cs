using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.Scheduling.Scorers;

/// <summary>
/// <c>lora-affinity-scorer</c>: 1 where the request's adapter is resident, 0.8 where a slot is free for it, 0.6 where it waits already, else 0.
/// Residency is <see cref="AdapterResidency"/>'s, because the gauge that the reference reads forgets idle adapters; free slots are counted as
/// the reference counts them. Where some candidates tell of adapters, one that tells nothing counts as one with a free slot: a server prints its
/// gauge with its first step, and at 0 it would be shunned for being new.
/// </summary>
public sealed class LoraAffinityScorer(FreshnessPolicy freshness) : IScorer
{
    private const double Room = 0.8;

    // Stands for a silent candidate until all are known; no score.
    private const double Silent = -1;

    /// <inheritdoc/>
    public void Score(in SchedulingContext context, ReadOnlySpan<Endpoint> candidates, Span<double> scores)
    {
        string adapter = context.Request.TargetModel;
        int hash = AdapterResidency.Hash(adapter);
        bool anyTells = false;
        bool anySilent = false;
        for (int i = 0; i < candidates.Length; i++)
        {
            if (!freshness.IsFresh(candidates[i], context.Now))
            {
                continue;
            }

            EndpointSignals signals = candidates[i].Signals;
            bool tells = signals.MaxAdapters > 0 || signals.BusyAdapters > 0;
            anyTells |= tells;
            anySilent |= !tells;
            scores[i] = candidates[i].Adapters.Holds(hash) ? 1 : tells ? Absent(signals, adapter) : Silent;
        }

        if (anySilent)
        {
            scores.Replace(Silent, anyTells ? Room : 0);
        }
    }

    private static double Absent(EndpointSignals signals, string adapter)
    {
        if (signals.BusyAdapters < signals.MaxAdapters)
        {
            return Room;
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
