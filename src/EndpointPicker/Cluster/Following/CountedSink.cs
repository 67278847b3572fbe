using EndpointPicker.Cluster.Api;

namespace EndpointPicker.Cluster.Following;

/// <summary>Counts what it passes on.</summary>
internal sealed class CountedSink<T>(IResourceSink<T> next, ResourceKind kind, ClusterMetrics metrics) : IResourceSink<T>
{
    public void Replace(IReadOnlyList<T> all)
    {
        metrics.Listed(kind);
        next.Replace(all);
    }

    public void Put(T item)
    {
        metrics.Changed(kind);
        next.Put(item);
    }

    public void Remove(T item)
    {
        metrics.Changed(kind);
        next.Remove(item);
    }

    public void Absent() => next.Absent();
}
