namespace EndpointPicker.Core.Endpoints;

/// <summary>
/// Which LoRA adapters an endpoint is believed to hold in its slots. Three sources feed one LRU of as many entries as the server has slots:
/// the gauge of running adapters, this picker's own picks, and the list of <c>/v1/models</c> where all that it lists fits. The gauge alone
/// does not tell: a loaded adapter that is idle is not in it.
/// </summary>
/// <remarks>
/// Reading takes no lock, allocates nothing and compares hashes alone: once in four billion a score is wrong, nothing else.
/// </remarks>
public sealed class AdapterResidency
{
    // Protects the entries against two writers: scrapes, model lists and picks.
    private readonly Lock _writer = new();

    // Entries are replaced in place and never move, so that a reader misses at most the one being written. A hash of 0 is a free place.
    private volatile int[] _hashes = [];
    private string?[] _names = [];
    private long[] _usedAt = [];
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
    /// <param name="hash">The <see cref="Hash"/> of its name.</param>
    /// <returns>Whether a request for it needs no loading.</returns>
    public bool Holds(int hash)
    {
        int[] hashes = _hashes;
        for (int i = 0; i < hashes.Length; i++)
        {
            if (hashes[i] == hash)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The adapters that are believed to be in a slot, for people to read.</summary>
    /// <returns>Their names, in no order.</returns>
    public string[] Resident()
    {
        lock (_writer)
        {
            return [.. _names.OfType<string>()];
        }
    }

    /// <summary>Publishes what <c>/v1/models</c> lists. One writer: the data layer.</summary>
    /// <param name="adapters">Entries that have a parent; <see langword="null"/> where the answer was missing or wrong.</param>
    public void PublishLoaded(string[]? adapters)
    {
        lock (_writer)
        {
            _loaded = adapters;
            if (adapters is not null)
            {
                KeepOnly(adapters);
                TouchLoaded(adapters);
            }
        }
    }

    /// <summary>Takes a pick of this endpoint for a model. A model that is not known to be an adapter, a base model above all, is not noted.</summary>
    /// <param name="model">The model that the server shall run.</param>
    public void Picked(string model)
    {
        if (_hashes.Length == 0)
        {
            return;
        }

        int hash = Hash(model);
        if (Holds(hash) || (_loaded is { } loaded && Array.IndexOf(loaded, model) >= 0))
        {
            lock (_writer)
            {
                Touch(model, hash);
            }
        }
    }

    /// <summary>Takes what a scrape brought.</summary>
    internal void Observe(EndpointSignals signals)
    {
        int capacity = Math.Max(signals.MaxAdapters, signals.RunningAdapters.Count);
        if (capacity == 0)
        {
            return;
        }

        lock (_writer)
        {
            if (capacity > _hashes.Length)
            {
                Array.Resize(ref _names, capacity);
                Array.Resize(ref _usedAt, capacity);
                int[] hashes = new int[capacity];
                _hashes.CopyTo(hashes, 0);
                _hashes = hashes;
                TouchLoaded(_loaded ?? []);
            }

            for (int i = 0; i < signals.RunningAdapters.Count; i++)
            {
                string adapter = signals.RunningAdapters[i];
                Touch(adapter, Hash(adapter));
            }
        }
    }

    private void TouchLoaded(string[] adapters)
    {
        if (adapters.Length <= _hashes.Length)
        {
            foreach (string adapter in adapters)
            {
                Touch(adapter, Hash(adapter));
            }
        }
    }

    private void Touch(string name, int hash)
    {
        int at = Array.IndexOf(_names, name);
        if (at < 0)
        {
            at = LeastRecent();
            _names[at] = name;
            Volatile.Write(ref _hashes[at], hash);
        }

        _usedAt[at] = ++_uses;
    }

    private void KeepOnly(string[] names)
    {
        for (int i = 0; i < _names.Length; i++)
        {
            if (_names[i] is { } name && Array.IndexOf(names, name) < 0)
            {
                _names[i] = null;
                _usedAt[i] = 0;
                Volatile.Write(ref _hashes[i], 0);
            }
        }
    }

    private int LeastRecent()
    {
        int oldest = 0;
        for (int i = 1; i < _usedAt.Length; i++)
        {
            oldest = _usedAt[i] < _usedAt[oldest] ? i : oldest;
        }

        return oldest;
    }
}
