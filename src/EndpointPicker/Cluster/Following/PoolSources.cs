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

    /// <summary>The pool object of a name that is in force: the stable version's where both exist.</summary>
    public InferencePool? Find(string name) => Stable.Find(name) ?? Experimental.Find(name);
}
