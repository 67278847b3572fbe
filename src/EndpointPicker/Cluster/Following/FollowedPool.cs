using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.Cluster.Following;

/// <summary>A pool that is kept as the cluster says.</summary>
/// <param name="Namespace">The namespace of its object, its pods and its rules.</param>
/// <param name="Endpoints">Takes its endpoints; its name is that of the object.</param>
/// <param name="Rules">Takes its priorities and rewrites.</param>
/// <param name="Report">Hears how it stands, after each change.</param>
internal sealed record FollowedPool(string Namespace, EndpointPool Endpoints, RequestRules Rules, Action<PoolStanding> Report)
{
    /// <summary>Whether it is served only while its object is found; who looks for pools then says that it has gone.</summary>
    public bool Selected { get; init; }
}
