using System.Buffers;
using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.PrefixCache;

/// <summary>Records that wait for the index's writer: a bounded queue, and what finds no room is dropped and counted.</summary>
internal sealed class PendingRecords
{
    private const int MaxRecords = 1024;

    // 4 MiB of hashes: 40 ms of long prompts at a thousand a second, the length of a large resize.
    private const int MaxBlocks = 512 * 1024;

    // Protects the queue alone; held for a few instructions.
    private readonly Lock _lock = new();
    private readonly Queue<PendingRecord> _queue = new();
    private int _blocks;
    private int _length;
    private long _dropped;

    public bool IsEmpty => Volatile.Read(ref _length) == 0;

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Add(ReadOnlySpan<ulong> chain, Endpoint endpoint, int blockTokens)
    {
        ulong[] rented = ArrayPool<ulong>.Shared.Rent(chain.Length);
        chain.CopyTo(rented);
        PendingRecord record = new(rented, chain.Length, endpoint, blockTokens);
        lock (_lock)
        {
            if (_queue.Count < MaxRecords && _blocks + chain.Length <= MaxBlocks)
            {
                _queue.Enqueue(record);
                _blocks += chain.Length;
                Volatile.Write(ref _length, _queue.Count);
                return;
            }
        }

        record.Return();
        Interlocked.Increment(ref _dropped);
    }

    public bool TryTake(out PendingRecord record)
    {
        record = default;
        if (IsEmpty)
        {
            return false;
        }

        lock (_lock)
        {
            if (!_queue.TryDequeue(out record))
            {
                return false;
            }

            _blocks -= record.Length;
            Volatile.Write(ref _length, _queue.Count);
            return true;
        }
    }
}
