using EndpointPicker.Cluster.Api;
using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Cluster.Following;

/// <summary>
/// The objects of one kind as their watch last told, by name. One that was deleted and only waits for its end, be it a pod's grace or somebody's
/// finalizer, is not among them: this is the one place that knows, for every kind. The watch is the one writer; every follower reads.
/// </summary>
internal sealed class ObjectSet<T> : IResourceSink<T>
    where T : class, IClusterObject
{
    // Protects the dictionary: the watch changes it while followers copy from it.
    private readonly Lock _objects = new();
    private readonly Dictionary<string, T> _byName = new(StringComparer.Ordinal);
    private volatile Func<WatchState>? _watch;
    private volatile bool _known;
    private volatile bool _served;
    private long _version;

    /// <summary>Raised after each change, from the watch's loop.</summary>
    public event Action? Changed;

    /// <summary>Whether the watch has told a first time, be it that the kind is not served.</summary>
    public bool Known => _known;

    /// <summary>Whether it is not worth waiting for the first time any more: it has come, or the API server cannot or will not tell.</summary>
    public bool Settled => _known || Fault is not null;

    /// <summary>Why the watch cannot tell; <see langword="null"/> where it can, or has only just begun.</summary>
    public string? Fault => _watch?.Invoke() is { Phase: WatchPhase.Failing } state ? state.Reason : null;

    /// <summary>Whether the API server serves the kind.</summary>
    public bool Served => _served;

    /// <summary>Grows with every change.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Says whose objects these are.</summary>
    /// <param name="watch">What the watch is about.</param>
    public void WatchedBy(Func<WatchState> watch) => _watch = watch;

    /// <summary>Finds an object.</summary>
    public T? Find(string name)
    {
        lock (_objects)
        {
            return _byName.GetValueOrDefault(name);
        }
    }

    /// <summary>All objects, in no order.</summary>
    public List<T> All()
    {
        lock (_objects)
        {
            return [.. _byName.Values];
        }
    }

    public void Replace(IReadOnlyList<T> all) => Change(served: true, () =>
    {
        _byName.Clear();
        foreach (T item in all)
        {
            Take(item);
        }
    });

    public void Put(T item) => Change(served: true, () => Take(item));

    public void Remove(T item) => Change(served: true, () => _byName.Remove(item.Metadata.Name));

    public void Absent() => Change(served: false, _byName.Clear);

    private void Take(T item)
    {
        if (item.Metadata.Deleting)
        {
            _byName.Remove(item.Metadata.Name);
        }
        else
        {
            _byName[item.Metadata.Name] = item;
        }
    }

    private void Change(bool served, Action change)
    {
        lock (_objects)
        {
            change();
            _version++;
        }

        _served = served;
        _known = true;
        Changed?.Invoke();
    }
}
