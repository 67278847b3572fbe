using EndpointPicker.Cluster.Api;
using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Cluster.Following;

/// <summary>Objects to follow.</summary>
/// <param name="Query">Which.</param>
/// <param name="Reader">Reads one.</param>
/// <param name="Set">Takes them.</param>
internal sealed record FollowedKind<T>(ResourceQuery Query, ResourceReader<T> Reader, ObjectSet<T> Set)
    where T : class, IClusterObject;
