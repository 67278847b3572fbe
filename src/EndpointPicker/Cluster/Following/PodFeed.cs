using EndpointPicker.Cluster.Resources;

namespace EndpointPicker.Cluster.Following;

/// <summary>The pods that a label selector selects, and the watch that brings them.</summary>
/// <param name="Selector">The label selector.</param>
/// <param name="Pods">The pods.</param>
/// <param name="Watch">Ends the watch.</param>
internal sealed record PodFeed(string Selector, ObjectSet<Pod> Pods, IDisposable Watch);
