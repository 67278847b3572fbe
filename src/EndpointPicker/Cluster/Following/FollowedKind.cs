using EndpointPicker.Cluster.Api;
using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Cluster.Following;

/// <summary>Objects to follow.</summary>
/// <param name="Query">Which.</param>
/// <param name="Reader">Reads one.</param>
/// <param name="Set">Keeps them.</param>
/// <param name="Sink">Takes them for the set.</param>
internal sealed record FollowedKind<T>(ResourceQuery Query, ResourceReader<T> Reader, ObjectSet<T> Set, IResourceSink<T> Sink)
    where T : class, IClusterObject;
