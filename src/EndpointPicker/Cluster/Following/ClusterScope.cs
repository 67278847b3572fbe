using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Cluster.Following;

/// <summary>What of the cluster is followed.</summary>
/// <param name="Namespace">The namespace of pools, pods and rules.</param>
/// <param name="Pools">Which versions of pools, and which references to them.</param>
internal sealed record ClusterScope(string Namespace, PoolScope Pools)
{
    /// <summary>The names of the pools; empty where <see cref="PoolSelector"/> or <see cref="FixedPool"/> says which.</summary>
    public IReadOnlyList<string> PoolNames { get; init; } = [];

    /// <summary>The label selector of the pools; empty where they have names.</summary>
    public string PoolSelector { get; init; } = "";

    /// <summary>The pool that the command line defines; with it the cluster is asked for pods only.</summary>
    public InferencePool? FixedPool { get; init; }
}
