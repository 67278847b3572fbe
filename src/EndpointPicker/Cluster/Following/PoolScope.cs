using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Cluster.Following;

/// <summary>Which pool objects count, and which references to them.</summary>
/// <param name="Group">The API group that was asked for; empty where it is detected.</param>
internal sealed record PoolScope(string Group)
{
    /// <summary>Whether pools of <c>inference.networking.k8s.io/v1</c> count.</summary>
    public bool Stable => Group != ApiGroups.Experimental;

    /// <summary>Whether pools of <c>inference.networking.x-k8s.io/v1alpha2</c> count.</summary>
    public bool Experimental => Group is "" or ApiGroups.Experimental;

    /// <summary>Whether an objective or rewrite that names a pool of this group means the pool that is followed.</summary>
    /// <param name="group">The group of the reference.</param>
    /// <param name="followed">The group of the pool object in force; empty where there is none yet.</param>
    public bool Accepts(string group, string followed) =>
        Group.Length > 0 ? group == Group : group is ApiGroups.Inference || group == followed;

    /// <summary>Whether an inference model that names a pool of this group means the pool that is followed.</summary>
    /// <param name="group">The group of the reference; models know no other than the experimental one unless they say so.</param>
    public bool AcceptsOfModel(string group) =>
        Group.Length > 0 ? group == Group : group is ApiGroups.Inference or ApiGroups.Experimental;

    /// <summary>The versions that count, as messages name them.</summary>
    public override string ToString() => (Stable, Experimental) switch
    {
        (true, true) => $"{ApiGroups.Inference}/v1 or {ApiGroups.Experimental}/v1alpha2",
        (true, false) => $"{ApiGroups.Inference}/v1",
        _ => $"{ApiGroups.Experimental}/v1alpha2",
    };
}
