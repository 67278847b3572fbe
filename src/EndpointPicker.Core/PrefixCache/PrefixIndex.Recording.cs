using System.Runtime.CompilerServices;
using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.PrefixCache;

public sealed partial class PrefixIndex
{
    // 64 M tokens at 64 tokens a block: an engine's metrics may lie, and must not take our memory.
    private const int MaxCapacity = 1 << 20;

    // Above this a resize takes milliseconds, too long for the request that happens to need it.
    private const int InlineResizeLines = 8192;

    // Protects everything that follows and every write to the table; look-ups never take it.
    private readonly Lock _writer = new();
    private readonly PendingRecords _pending = new();
    private readonly ConditionalWeakTable<Endpoint, object> _forgotten = [];
    private Holder?[] _holderBySlot = new Holder?[64];
    private int _holders;
    private int _count;
    private int _sweepDebt;
    private int _sweepLine;
    private long _swept;
    private bool _resizing;
    private volatile bool _resizerWaits;

    /// <summary>Records dropped because too many were waiting for the writer.</summary>
    public long Dropped => _pending.Dropped;

    /// <summary>
    /// Notes that an endpoint holds a chain from now on. Where another record is being written, this one is left to its writer, so the
    /// call never waits.
    /// </summary>
    /// <param name="chain">Chained block hashes from the first block on; copied where they are needed later.</param>
    /// <param name="endpoint">The endpoint; ignored once it was forgotten.</param>
    /// <param name="blockTokens">Tokens in one block.</param>
    public void Record(ReadOnlySpan<ulong> chain, Endpoint endpoint, int blockTokens = PromptHasherOptions.MinBlockTokens)
    {
        // Once a resize waits for the lock or works, records wait for it: else a busy writer would keep it out.
        if (!_resizerWaits && _writer.TryEnter())
        {
            try
            {
                Apply(chain, endpoint, blockTokens);
                ApplyPending();
            }
            finally
            {
                _writer.Exit();
            }
        }
        else
        {
            _pending.Add(chain, endpoint, blockTokens);
        }

        ApplyLeftovers();
    }

    /// <summary>Forgets an endpoint that has left the pool, for good: its slot may go to another afterwards.</summary>
    /// <param name="endpoint">The endpoint.</param>
    public void Forget(Endpoint endpoint)
    {
        lock (_writer)
        {
            _forgotten.TryAdd(endpoint, endpoint.Destination);
            if (endpoint.Slot < _holderBySlot.Length && _holderBySlot[endpoint.Slot] is { } holder && holder.Endpoint == endpoint)
            {
                Close(holder);
            }
        }
    }

    /// <summary>Waits until no record is pending and no resize is under way; for tests.</summary>
    internal async Task WhenIdleAsync()
    {
        while (true)
        {
            lock (_writer)
            {
                ApplyPending();
                if (!_resizing)
                {
                    return;
                }
            }

            await Task.Yield();
        }
    }

    /// <summary>Compares what each holder has counted with what the table holds; for tests, when idle.</summary>
    internal bool IsConsistent()
    {
        lock (_writer)
        {
            int[] inTable = new int[HolderWord.MaxSlots];
            _table.CountHolders(inTable);
            int total = 0;
            for (int slot = 0; slot < inTable.Length; slot++)
            {
                int counted = slot < _holderBySlot.Length && _holderBySlot[slot] is { } holder ? holder.Count : 0;
                if (counted != inTable[slot])
                {
                    return false;
                }

                total += counted;
            }

            return total == _count;
        }
    }

    internal int CountOf(Endpoint endpoint)
    {
        lock (_writer)
        {
            return _holderBySlot[endpoint.Slot] is { } holder && holder.Endpoint == endpoint ? holder.Count : 0;
        }
    }

    // A writer may have looked for the last time just before something was added.
    private void ApplyLeftovers()
    {
        while (!_pending.IsEmpty && !_resizerWaits && _writer.TryEnter())
        {
            try
            {
                ApplyPending();
            }
            finally
            {
                _writer.Exit();
            }
        }
    }

    private void ApplyPending()
    {
        while (_pending.TryTake(out PendingRecord record))
        {
            Apply(record.Chain, record.Endpoint, record.BlockTokens);
            record.Return();
        }
    }

    // From the chain's end to its head, so that the head is the newest: engines evict tails first too, and a lost head hides the rest.
    private void Apply(ReadOnlySpan<ulong> chain, Endpoint endpoint, int blockTokens)
    {
        if (HolderOf(endpoint, blockTokens) is not { } holder)
        {
            return;
        }

        int before = holder.Count;
        int length = Math.Min(chain.Length, holder.Capacity);
        for (int i = length - 1; i >= Math.Max(0, length - BlockTable.Lookahead); i--)
        {
            _table.Prefetch(chain[i]);
        }

        for (int i = length - 1; i >= 0; i--)
        {
            if (i >= BlockTable.Lookahead)
            {
                _table.Prefetch(chain[i - BlockTable.Lookahead]);
            }

            Touch(chain[i], holder, blockTokens);
        }

        Volatile.Write(ref _count, _count + holder.Count - before);
    }

    private void Touch(ulong hash, Holder holder, int blockTokens)
    {
        BlockTable table = _table;
        BlockTable.Place place = table.Find(hash, holder.Slot);
        bool present = place.Holder != HolderWord.None;
        if (present && holder.IsYoung(place.Holder))
        {
            return;
        }

        if (place.Word < 0 || (!present && !place.Taken && table.IsFull))
        {
            return;
        }

        if (present)
        {
            holder.Leave(place.Holder);
        }

        bool ticked = holder.Enter();
        table.Write(place, hash, holder.Newest);
        if (ticked)
        {
            OnTick(holder, blockTokens);
        }

        Sweep(1 + _sweepDebt);
        if (table.IsCrowded && !_resizing)
        {
            StartResize();
        }
    }

    // Generation numbers come round: within each round of a holder the whole table is swept, in even portions.
    private void OnTick(Holder holder, int blockTokens)
    {
        int capacity = CapacityOf(holder.Endpoint, blockTokens);
        if (capacity != holder.Capacity)
        {
            holder.Resize(capacity);
        }

        int left = holder.TicksLeft;
        if (left == Holder.MaxLive)
        {
            holder.SweptAtMark = _swept;
        }

        long due = holder.SweptAtMark + _table.Lines - _swept;
        _sweepDebt = due <= 0 ? 0 : (int)((due + left - 1) / left);
    }

    private void Sweep(int lines)
    {
        BlockTable table = _table;
        for (int i = 0; i < lines; i++)
        {
            _sweepLine = _sweepLine + 1 < table.Lines ? _sweepLine + 1 : 0;
            table.Sweep(_sweepLine);
        }

        _swept += lines;
        _sweepDebt = 0;
    }

    private Holder? HolderOf(Endpoint endpoint, int blockTokens)
    {
        int slot = endpoint.Slot;
        if (slot < _holderBySlot.Length && _holderBySlot[slot] is { } holder)
        {
            if (holder.Endpoint == endpoint)
            {
                return holder;
            }

            if (_forgotten.TryGetValue(endpoint, out _))
            {
                return null;
            }

            Close(holder);
        }
        else if (slot >= HolderWord.MaxSlots || _forgotten.TryGetValue(endpoint, out _))
        {
            return null;
        }

        if (slot >= _holderBySlot.Length)
        {
            Array.Resize(ref _holderBySlot, Math.Max(slot + 1, _holderBySlot.Length * 2));
        }

        holder = new Holder(endpoint, _generations, CapacityOf(endpoint, blockTokens)) { SweptAtMark = _swept };
        holder.Open();
        _holderBySlot[slot] = holder;
        Volatile.Write(ref _holders, _holders + 1);
        return holder;
    }

    private void Close(Holder holder)
    {
        _holderBySlot[holder.Slot] = null;
        Volatile.Write(ref _count, _count - holder.Count);
        Volatile.Write(ref _holders, _holders - 1);
        holder.Close();
    }

    private int CapacityOf(Endpoint endpoint, int blockTokens)
    {
        EndpointSignals signals = endpoint.Signals;
        long blocks = _options.AutoTune && signals is { CacheBlocks: > 0, CacheBlockSize: > 0 } && blockTokens > 0
            ? (long)signals.CacheBlocks * signals.CacheBlockSize / blockTokens
            : _options.LruCapacityPerServer;
        if (blocks <= 0)
        {
            blocks = 31_250;
        }

        return (int)Math.Min(blocks, MaxCapacity);
    }

    private void StartResize()
    {
        if (_table.Lines <= InlineResizeLines)
        {
            Resize();
            return;
        }

        _resizing = true;
        ThreadPool.UnsafeQueueUserWorkItem(
            static index =>
            {
                index._resizerWaits = true;
                lock (index._writer)
                {
                    try
                    {
                        index.Resize();
                    }
                    finally
                    {
                        index._resizing = false;
                        index._resizerWaits = false;
                    }
                }

                index.ApplyLeftovers();
            },
            this,
            preferLocal: false);
    }

    // Dead blocks stay behind, so this counts as a sweep of everything.
    private void Resize()
    {
        BlockTable table = _table;
        _table = table.Resized(table.Lines + Math.Max(1, table.Lines / 2));
        _sweepLine = 0;
        _swept += _table.Lines;
    }
}
