namespace EndpointPicker.Cluster.Following;

/// <summary>Watches pods.</summary>
internal interface IPodFeeds
{
    /// <summary>Begins a watch.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="selector">The label selector; empty for all pods of the namespace.</param>
    PodFeed Open(string space, string selector);
}
