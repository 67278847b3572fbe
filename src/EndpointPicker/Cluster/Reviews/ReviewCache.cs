namespace EndpointPicker.Cluster.Reviews;

/// <summary>
/// Keeps answers of the API server for a while, and asks for each key once at a time. A yes outlives its time where the API server cannot be asked
/// anew, so that an outage of minutes is not one of the metrics too.
/// </summary>
/// <param name="capacity">How many answers are kept; beyond, those go first that end first, which a no does long before a yes.</param>
/// <param name="isYes">Whether an answer grants something.</param>
/// <param name="time">The clock.</param>
internal sealed class ReviewCache<T>(int capacity, Func<T, bool> isYes, TimeProvider time)
    where T : class
{
    /// <summary>How long a yes holds.</summary>
    public static readonly TimeSpan Yes = TimeSpan.FromMinutes(1);

    /// <summary>How long a no holds.</summary>
    public static readonly TimeSpan No = TimeSpan.FromSeconds(30);

    /// <summary>How long a yes holds while the API server does not answer.</summary>
    public static readonly TimeSpan YesUnasked = TimeSpan.FromMinutes(5);

    // Protects the entries and what is in them; never held while the API server is asked.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>How many answers are kept or awaited.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>The answer for a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="ask">Asks the API server; must not throw.</param>
    /// <param name="cancellationToken">Ends this wait, not the question, for which others may wait.</param>
    public async ValueTask<Reviewed<T>> GetAsync(string key, Func<Task<Reviewed<T>>> ask, CancellationToken cancellationToken)
    {
        Task<Reviewed<T>> asking;
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out Entry? entry))
            {
                MakeRoom();
                entry = new Entry();
                _entries.Add(key, entry);
            }

            if (entry.Answer is { } kept && time.GetElapsedTime(entry.AnsweredAt) < (isYes(kept) ? Yes : No))
            {
                return new Reviewed<T>(kept, "");
            }

            asking = entry.Asking ??= AskAsync(key, entry, ask);
        }

        return await asking.WaitAsync(cancellationToken);
    }

    private async Task<Reviewed<T>> AskAsync(string key, Entry entry, Func<Task<Reviewed<T>>> ask)
    {
        // Out of the lock that this is called under.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Reviewed<T> reviewed = await ask();
        lock (_gate)
        {
            entry.Asking = null;
            if (reviewed.Answer is { } answer)
            {
                entry.Answer = answer;
                entry.AnsweredAt = time.GetTimestamp();
                return reviewed;
            }

            if (Remaining(entry) > TimeSpan.Zero && isYes(entry.Answer!))
            {
                return new Reviewed<T>(entry.Answer, "");
            }

            _entries.Remove(key);
            return reviewed;
        }
    }

    private void MakeRoom()
    {
        if (_entries.Count < capacity)
        {
            return;
        }

        foreach ((string key, Entry entry) in _entries)
        {
            if (entry.Asking is null && Remaining(entry) <= TimeSpan.Zero)
            {
                _entries.Remove(key);
            }
        }

        if (_entries.Count >= capacity)
        {
            _entries.Remove(_entries.MinBy(pair => Remaining(pair.Value)).Key);
        }
    }

    private TimeSpan Remaining(Entry entry) =>
        entry.Answer is { } answer ? (isYes(answer) ? YesUnasked : No) - time.GetElapsedTime(entry.AnsweredAt) : TimeSpan.Zero;

    private sealed class Entry
    {
        public T? Answer { get; set; }

        public long AnsweredAt { get; set; }

        public Task<Reviewed<T>>? Asking { get; set; }
    }
}
