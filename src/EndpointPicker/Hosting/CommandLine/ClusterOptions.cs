namespace EndpointPicker.Hosting.CommandLine;

/// <summary>What of a Kubernetes cluster is followed.</summary>
internal sealed record ClusterOptions
{
    /// <summary>The namespace of pools, pods and rules.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>The API group of the pools; empty where it is detected.</summary>
    public string PoolGroup { get; init; } = "";

    /// <summary>The label selector of the pools; empty where they have names.</summary>
    public string PoolSelector { get; init; } = "";

    /// <summary>The label selector of the pods where there is no pool object; empty where there is.</summary>
    public string EndpointSelector { get; init; } = "";

    /// <summary>The ports of the pods where there is no pool object.</summary>
    public IReadOnlyList<int> TargetPorts { get; init; } = [];

    /// <summary>The name of the pod that this process runs in; empty where unknown.</summary>
    public string PodName { get; init; } = "";

    /// <summary>The flags that were given and mean nothing without a cluster.</summary>
    public IReadOnlyList<string> Given { get; init; } = [];
}
