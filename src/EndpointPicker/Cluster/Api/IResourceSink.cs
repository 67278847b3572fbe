namespace EndpointPicker.Cluster.Api;

/// <summary>Takes what a <see cref="ResourceWatch{T}"/> sees; all calls come from its loop, one at a time.</summary>
/// <typeparam name="T">The objects.</typeparam>
internal interface IResourceSink<T>
{
    /// <summary>Takes all objects: the truth from now on.</summary>
    void Replace(IReadOnlyList<T> all);

    /// <summary>Takes an object that is new or changed.</summary>
    void Put(T item);

    /// <summary>Takes the last state of an object that is gone.</summary>
    void Remove(T item);

    /// <summary>Hears that the API server does not serve the kind, as before its CRD is installed: there are no objects.</summary>
    void Absent();
}
