using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// The last decisions, for explanations. Off unless somebody turns it on; then each pick writes one record in place, without a lock and
/// without allocation once the records have grown. Readers never hold up a pick.
/// </summary>
/// <param name="capacity">How many decisions are kept.</param>
public sealed class DecisionLog(int capacity)
{
    /// <summary>How many candidates of one decision are kept.</summary>
    public const int MaxCandidates = 256;

    private readonly DecisionRecord?[] _records = new DecisionRecord?[Math.Max(1, capacity)];
    private volatile bool _enabled;
    private long _next;

    /// <summary>Whether decisions are recorded.</summary>
    public bool Enabled
    {
        get => _enabled;
        set => _enabled = value;
    }

    /// <summary>How many decisions were recorded since the start.</summary>
    public long Recorded => Volatile.Read(ref _next);

    /// <summary>Copies what is recorded; a decision that is being written at the moment is left out.</summary>
    /// <returns>The decisions, the youngest first.</returns>
    public IReadOnlyList<Decision> Snapshot()
    {
        List<Decision> decisions = [];
        long next = Recorded;
        for (long sequence = next - 1; sequence >= Math.Max(0, next - _records.Length); sequence--)
        {
            if (Volatile.Read(ref _records[sequence % _records.Length])?.Read() is { } decision && decision.Sequence == sequence)
            {
                decisions.Add(decision);
            }
        }

        return decisions;
    }

    internal void Record(long now, RequestState state, in SchedulingResult result, PickScratch scratch, ProfileRunner? ran)
    {
        long sequence = Interlocked.Increment(ref _next) - 1;
        ref DecisionRecord? place = ref _records[sequence % _records.Length];
        DecisionRecord? record = Volatile.Read(ref place);
        if (record is null)
        {
            DecisionRecord made = new();
            record = Interlocked.CompareExchange(ref place, made, null) ?? made;
        }

        record.Write(sequence, now, state, result, scratch, ran);
    }
}
