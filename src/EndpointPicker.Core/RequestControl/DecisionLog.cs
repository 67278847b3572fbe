namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// The last decisions, for explanations. Off unless somebody turns it on; then picks write records in place, without a lock and without
/// allocation once the records have grown. Readers never hold up a pick.
/// </summary>
/// <remarks>
/// A record costs 0.3 microseconds over 10 candidates, 0.9 over 100 and 6 over 1000, of which <see cref="MaxCandidates"/> are kept. At the highest
/// rates the first decisions of each second are recorded, up to a limit, so that records live long enough to be read. Below it every decision is
/// there.
/// </remarks>
/// <param name="capacity">How many decisions are kept.</param>
/// <param name="time">The clock that decisions are stamped with.</param>
/// <param name="mostPerSecond">How many decisions of one second are recorded at most.</param>
public sealed class DecisionLog(int capacity, TimeProvider time, int mostPerSecond = int.MaxValue)
{
    /// <summary>How many candidates of one decision are kept.</summary>
    public const int MaxCandidates = 256;

    private readonly DecisionRecord?[] _records = new DecisionRecord?[Math.Max(1, capacity)];
    private readonly long _frequency = time.TimestampFrequency;
    private volatile bool _enabled;
    private long _next;
    private long _second;
    private int _inSecond;

    /// <summary>Whether decisions are recorded.</summary>
    public bool Enabled
    {
        get => _enabled;
        set => _enabled = value;
    }

    /// <summary>How many decisions were recorded since the start.</summary>
    public long Recorded => Volatile.Read(ref _next);

    /// <summary>How many decisions of one second are recorded at most.</summary>
    public int MostPerSecond => mostPerSecond;

    /// <summary>How many decisions are kept.</summary>
    public int Capacity => _records.Length;

    /// <summary>Copies what is recorded; a decision that is being written at the moment is left out.</summary>
    /// <param name="count">How many decisions at most.</param>
    /// <param name="wanted">Which; <see langword="null"/> for any.</param>
    /// <returns>The decisions, the youngest first.</returns>
    public IReadOnlyList<Decision> Snapshot(int count = int.MaxValue, Predicate<Decision>? wanted = null)
    {
        List<Decision> decisions = [];
        long next = Recorded;
        for (long sequence = next - 1; sequence >= Math.Max(0, next - _records.Length) && decisions.Count < count; sequence--)
        {
            if (Volatile.Read(ref _records[sequence % _records.Length])?.Read() is { } decision
                && decision.Sequence == sequence
                && wanted?.Invoke(decision) != false)
            {
                decisions.Add(decision);
            }
        }

        return decisions;
    }

    /// <summary>Whether the decision of this moment is to be recorded; where so, it counts against the limit of its second.</summary>
    internal bool Wants(long now)
    {
        if (!_enabled)
        {
            return false;
        }

        long second = now / _frequency;
        if (second != Volatile.Read(ref _second))
        {
            // Picks that cross into the second together may clear each other's count: then a few more are recorded.
            Volatile.Write(ref _inSecond, 0);
            Volatile.Write(ref _second, second);
        }

        return Volatile.Read(ref _inSecond) < mostPerSecond && Interlocked.Increment(ref _inSecond) <= mostPerSecond;
    }

    internal void Record(in DecisionFacts facts)
    {
        long sequence = Interlocked.Increment(ref _next) - 1;
        ref DecisionRecord? place = ref _records[sequence % _records.Length];
        DecisionRecord? record = Volatile.Read(ref place);
        if (record is null)
        {
            DecisionRecord made = new();
            record = Interlocked.CompareExchange(ref place, made, null) ?? made;
        }

        record.Write(sequence, time.GetUtcNow().UtcTicks, facts);
    }
}
