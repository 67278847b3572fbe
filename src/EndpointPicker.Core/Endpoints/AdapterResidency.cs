namespace EndpointPicker.Core.Endpoints;

/// <summary>
/// Which LoRA adapters an endpoint is believed to hold in its slots. Three sources feed one LRU of as many entries as the server has slots:
/// the gauge of running adapters, this picker's own picks, and the list of <c>/v1/models</c> where all that it lists fits. The gauge alone
/// does not tell: a loaded adapter that is idle is not in it.
/// </summary>
/// <remarks>Reading takes no lock and allocates nothing.</remarks>
public sealed class AdapterResidency
{
    // Protects the entries against two writers: scrapes, model lists and picks.
    private readonly Lock _writer = new();
    private volatile Entries _entries = new(0);
    private volatile string[]? _loaded;
    private long _uses;

    /// <summary>Adapters that <c>/v1/models</c> lists, in a slot or not; <see langword="null"/> where that is unknown.</summary>
    public IReadOnlyList<string>? Loaded => _loaded;

    /// <summary>What <see cref="Holds"/> wants as the hash of an adapter.</summary>
    /// <param name="adapter">The adapter's name.</param>
    /// <returns>A hash that is never 0, the same for the life of the process.</returns>
    public static int Hash(string adapter)
    {
        int hash = adapter.GetHashCode(StringComparison.Ordinal);
        return hash == 0 ? 1 : hash;
    }

    /// <summary>Whether the adapter is believed to be in a slot.</summary>
    /// <param name="adapter">The adapter's name.</param>
    /// <param name="hash">Its <see cref="Hash"/>.</param>
    /// <returns>Whether a request for it needs no loading.</returns>
    public bool Holds(string adapter, int hash) => _entries.Find(adapter, hash) >= 0;

    /// <summary>Publishes what <c>/v1/models</c> lists. One writer: the data layer.</summary>
    /// <param name="adapters">Entries that have a parent; <see langword="null"/> where the answer was missing or wrong.</param>
    public void PublishLoaded(string[]? adapters)
    {
        lock (_writer)
        {
            _loaded = adapters;
            if (adapters is not null)
            {
                _entries.Keep(adapters);
                TouchLoaded(adapters);
            }
        }
    }

    /// <summary>Takes a pick of this endpoint for a model. A model that is not known to be an adapter, a base model above all, is not noted.</summary>
    /// <param name="model">The model that the server shall run.</param>
    public void Picked(string model)
    {
        Entries entries = _entries;
        if (entries.Capacity == 0)
        {
            return;
        }

        int hash = Hash(model);
        if (entries.Find(model, hash) >= 0 || (_loaded is { } loaded && Array.IndexOf(loaded, model) >= 0))
        {
            lock (_writer)
            {
                _entries.Touch(model, hash, ++_uses);
            }
        }
    }

    /// <summary>Takes what a scrape brought.</summary>
    internal void Observe(EndpointSignals signals)
    {
        int capacity = Math.Max(signals.MaxAdapters, signals.RunningAdapters.Count);
        if (capacity == 0 && _entries.Capacity == 0)
        {
            return;
        }

        lock (_writer)
        {
            if (capacity > _entries.Capacity)
            {
                _entries = _entries.Resized(capacity);
                TouchLoaded(_loaded ?? []);
            }

            for (int i = 0; i < signals.RunningAdapters.Count; i++)
            {
                string adapter = signals.RunningAdapters[i];
                _entries.Touch(adapter, Hash(adapter), ++_uses);
            }
        }
    }

    private void TouchLoaded(string[] adapters)
    {
        if (adapters.Length <= _entries.Capacity)
        {
            foreach (string adapter in adapters)
            {
                _entries.Touch(adapter, Hash(adapter), ++_uses);
            }
        }
    }

    // Entries are replaced in place and never move, so that a reader without the lock misses at most the one being written.
    private sealed class Entries(int capacity)
    {
        private readonly int[] _hashes = new int[capacity];
        private readonly string?[] _names = new string?[capacity];
        private readonly long[] _usedAt = new long[capacity];

        public int Capacity => _hashes.Length;

        public int Find(string name, int hash)
        {
            int from = 0;
            while (true)
            {
                int at = _hashes.AsSpan(from).IndexOf(hash);
                if (at < 0)
                {
                    return -1;
                }

                if (string.Equals(Volatile.Read(ref _names[from + at]), name, StringComparison.Ordinal))
                {
                    return from + at;
                }

                from += at + 1;
            }
        }

        public void Touch(string name, int hash, long use)
        {
            int at = Find(name, hash);
            if (at < 0)
            {
                at = _usedAt.AsSpan().IndexOf(OldestUse());
                _hashes[at] = 0;
                Volatile.Write(ref _names[at], name);
                Volatile.Write(ref _hashes[at], hash);
            }

            _usedAt[at] = use;
        }

        public void Keep(string[] names)
        {
            for (int i = 0; i < _names.Length; i++)
            {
                if (_names[i] is { } name && Array.IndexOf(names, name) < 0)
                {
                    _hashes[i] = 0;
                    _names[i] = null;
                    _usedAt[i] = 0;
                }
            }
        }

        public Entries Resized(int size)
        {
            Entries larger = new(size);
            for (int i = 0; i < _names.Length; i++)
            {
                if (_names[i] is { } name)
                {
                    larger.Touch(name, _hashes[i], _usedAt[i]);
                }
            }

            return larger;
        }

        private long OldestUse()
        {
            long oldest = long.MaxValue;
            foreach (long use in _usedAt)
            {
                oldest = Math.Min(oldest, use);
            }

            return oldest;
        }
    }
}
