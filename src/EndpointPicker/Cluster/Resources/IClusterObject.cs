namespace EndpointPicker.Cluster.Resources;

/// <summary>An object of the Kubernetes API.</summary>
internal interface IClusterObject
{
    /// <summary>Who it is.</summary>
    ObjectMetadata Metadata { get; }
}
