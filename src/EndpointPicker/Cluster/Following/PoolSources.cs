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

    /// <summary>Whether all that counts has been told.</summary>
    public bool Settled => Followed().All(set => set.Known);

    /// <summary>
    /// The pool object of a name that is in force: the stable version's where both exist. The experimental one has to wait until it is known
    /// whether there is a stable one.
    /// </summary>
    public InferencePool? Find(string name) =>
        !Scope.Stable ? Experimental.Find(name) : Stable.Find(name) ?? (Stable.Settled ? Experimental.Find(name) : null);

    /// <summary>Why no pool object of a name is in force, and what to do.</summary>
    public string WhyMissing(string space, string name)
    {
        ObjectSet<InferencePool>[] followed = [.. Followed()];
        string[] faults = [.. followed.Select(set => set.Fault).OfType<string>()];
        return faults.Length > 0 ? string.Join("; ", faults)
            : followed.Any(set => !set.Known) ? $"waiting for the API server to tell of InferencePool {space}/{name}"
            : followed.Any(set => set.Served) ? $"there is no InferencePool {space}/{name} of {Scope}: create it, or correct --pool-name, --pool-namespace and --pool-group"
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
