using System.Runtime.InteropServices;

namespace EndpointPicker.Core.Endpoints;

/// <summary>
/// Requests and tokens that this picker has placed on one endpoint and that have not ended. Select and reserve are one step: a pick
/// compares and swaps the request count that its scoring has seen, so that simultaneous arrivals see each other without a lock.
/// </summary>
public sealed class InFlightCounters
{
    private PaddedCounters _counters;

    /// <summary>Requests under way.</summary>
    public int Requests => Volatile.Read(ref _counters.Requests);

    /// <summary>Tokens under way, as estimated when the requests were placed.</summary>
    public long Tokens => Volatile.Read(ref _counters.Tokens);

    /// <summary>Counts one more request if none has come or gone since <paramref name="seen"/> was read.</summary>
    /// <param name="seen">The request count that the scoring saw.</param>
    /// <returns>Whether the request is counted.</returns>
    public bool TryReserve(int seen) => Interlocked.CompareExchange(ref _counters.Requests, seen + 1, seen) == seen;

    /// <summary>Counts one more request, whatever has happened since the scoring.</summary>
    public void Reserve() => Interlocked.Increment(ref _counters.Requests);

    /// <summary>Counts a request as ended.</summary>
    public void Release() => Interlocked.Decrement(ref _counters.Requests);

    /// <summary>Adds tokens, or takes them away again.</summary>
    /// <param name="delta">How many; negative on release.</param>
    public void AddTokens(long delta) => Interlocked.Add(ref _counters.Tokens, delta);

    // Two cache lines of distance: neighbours on the heap must not share the line that every pick writes.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct PaddedCounters
    {
        [FieldOffset(56)]
        public int Requests;

        [FieldOffset(64)]
        public long Tokens;
    }
}
