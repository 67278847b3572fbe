using System.Diagnostics;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// Which requests are traced, as the sampler <c>parentbased_traceidratio</c> has it: those that the caller traces, and of those without a
/// caller's trace a share, which the new trace's identity decides. Allocates nothing for a request that is not traced.
/// </summary>
/// <param name="ratio">The share, 0 to 1.</param>
/// <param name="seed">Where identities start.</param>
public sealed class TraceSampling(double ratio, ulong seed)
{
    // The golden ratio in 64 bits: SplitMix64 (Steele, Lea, Flood, 2014) counts by it, which makes one atomic addition a draw for any thread.
    private const ulong Step = 0x9E3779B97F4A7C15;

    private readonly ulong _below = ratio >= 1 ? ulong.MaxValue : ratio > 0 ? (ulong)(ratio * (1UL << 63)) : 0;
    private ulong _state = seed;

    /// <summary>Decides on a request.</summary>
    /// <param name="headers">Its headers.</param>
    /// <param name="parent">What its span hangs on, where it is traced.</param>
    /// <returns>Whether it is traced.</returns>
    internal bool TrySample(HeaderTable headers, out ActivityContext parent)
    {
        parent = default;
        if (TraceContext.TryRead(headers, out TraceContext caller))
        {
            if (!caller.IsSampled)
            {
                return false;
            }

            parent = caller.ToParent(headers);
            return true;
        }

        ulong low = Draw();
        if (low >> 1 >= _below)
        {
            return false;
        }

        parent = TraceContext.Root(Draw(), low);
        return true;
    }

    private ulong Draw()
    {
        ulong x = Interlocked.Add(ref _state, Step);
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
