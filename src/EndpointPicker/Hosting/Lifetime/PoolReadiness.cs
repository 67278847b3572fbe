namespace EndpointPicker.Hosting.Lifetime;

/// <summary>
/// What the state of the pools means for readiness. It begins when every pool is known or known to be missing; after that one pool's absence
/// does not turn away the requests of others.
/// </summary>
/// <param name="readiness">Takes the result.</param>
/// <param name="othersServe">Whether there are pools that do not come from the cluster.</param>
internal sealed class PoolReadiness(Readiness readiness, bool othersServe)
{
    // Protects the pools: each is reported from a loop of its own.
    private readonly Lock _reporting = new();
    private readonly SortedDictionary<string, Standing> _pools = new(StringComparer.Ordinal);
    private string? _withoutPools;
    private bool _begun;

    /// <summary>Waits for what is said of a pool.</summary>
    public void Expect(string pool)
    {
        lock (_reporting)
        {
            _pools.TryAdd(pool, new Standing($"nothing is known of InferencePool {pool} yet", Pending: true, Mismatch: null));
        }
    }

    /// <summary>Takes how one pool stands.</summary>
    /// <param name="pool">Its name.</param>
    /// <param name="missing">Why it cannot serve; <see langword="null"/> where it can.</param>
    /// <param name="pending">Whether that may change as soon as more is known.</param>
    /// <param name="mismatch">Why its protocol is not spoken here; <see langword="null"/> where it is.</param>
    public void Report(string pool, string? missing, bool pending, string? mismatch)
    {
        lock (_reporting)
        {
            _pools[pool] = new Standing(missing, pending, mismatch);
            Publish();
        }
    }

    /// <summary>Drops a pool that is not served any more.</summary>
    public void Forget(string pool)
    {
        lock (_reporting)
        {
            _pools.Remove(pool);
            Publish();
        }
    }

    /// <summary>Takes why there is no pool at all, for as long as there is none.</summary>
    public void ReportNone(string reason)
    {
        lock (_reporting)
        {
            _withoutPools = reason;
            Publish();
        }
    }

    private void Publish()
    {
        string? missing = _pools.Count == 0 ? _withoutPools : Missing();
        _begun |= missing is null;
        readiness.Set(ReadinessCondition.Pool, missing);
        Standing[] present = [.. _pools.Values.Where(pool => pool.Missing is null)];
        bool unspoken = !othersServe && present.Length > 0 && present.All(pool => pool.Mismatch is not null);
        readiness.Set(ReadinessCondition.AppProtocol, unspoken ? Join(present.Select(pool => pool.Mismatch)) : null);
    }

    private string? Missing()
    {
        bool waits = !_begun && _pools.Values.Any(pool => pool is { Missing: not null, Pending: true });
        bool none = !othersServe && _pools.Values.All(pool => pool.Missing is not null);
        return waits || none ? Join(_pools.Values.Select(pool => pool.Missing)) : null;
    }

    private static string Join(IEnumerable<string?> reasons) => string.Join("; ", reasons.OfType<string>().Distinct());

    private readonly record struct Standing(string? Missing, bool Pending, string? Mismatch);
}
