using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Cluster.Following;

/// <summary>The pool objects of a namespace, of both versions.</summary>
internal sealed class PoolSources(PoolScope scope)
{
    public PoolScope Scope { get; } = scope;

    public ObjectSet<InferencePool> Stable { get; } = new();

    public ObjectSet<InferencePool> Experimental { get; } = new();

    /// <summary>Raised after each change of either.</summary>
    public event Action? Changed
    {
        add
        {
            Stable.Changed += value;
            Experimental.Changed += value;
        }

        remove
        {
            Stable.Changed -= value;
            Experimental.Changed -= value;
        }
    }

    /// <summary>Whether all versions that count have told a first time. Whoever looks for pools and misses one has to read it before that look.</summary>
    public bool Known => Followed().All(set => set.Known);

    /// <summary>Whether none of the versions that count is worth waiting for any more.</summary>
    public bool Settled => Followed().All(set => set.Settled);

    /// <summary>
    /// The pool object of a name that is in force: the stable version's where both exist. The experimental one has to wait until it is known
    /// whether there is a stable one.
    /// </summary>
    public InferencePool? Find(string name)
    {
        if (!Scope.Stable)
        {
            return Experimental.Find(name);
        }

        // Read first: the stable version may be listed while it is looked through.
        bool settled = Stable.Settled;
        return Stable.Find(name) ?? (settled ? Experimental.Find(name) : null);
    }

    /// <summary>The names of all pools.</summary>
    public IReadOnlySet<string> Names() => Followed().SelectMany(set => set.All()).Select(pool => pool.Metadata.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>Why nothing of what is wanted is in force, and what to do.</summary>
    /// <param name="wanted">What is wanted, such as <c>InferencePool demo/pool</c>.</param>
    /// <param name="flags">The flags that say so.</param>
    /// <param name="known">What <see cref="Known"/> was before the look.</param>
    public string WhyMissing(string wanted, string flags, bool known)
    {
        ObjectSet<InferencePool>[] followed = [.. Followed()];
        string[] faults = [.. followed.Select(set => set.Fault).OfType<string>()];
        return faults.Length > 0 ? string.Join("; ", faults)
            : !known ? $"waiting for the API server to tell of {wanted}"
            : followed.Any(set => set.Served) ? $"there is no {wanted} of {Scope}: create it, or correct {flags}, --pool-namespace and --pool-group"
            : $"the API server serves no InferencePools of {Scope}: install their CRD, or correct --pool-group";
    }

    private IEnumerable<ObjectSet<InferencePool>> Followed()
    {
        if (Scope.Stable)
        {
            yield return Stable;
        }

        if (Scope.Experimental)
        {
            yield return Experimental;
        }
    }
}
