namespace EndpointPicker.Core.Scheduling.Filters;

/// <summary>What a <see cref="UtilizationFilter"/> compares.</summary>
public enum UtilizationMetric
{
    /// <summary><c>active-requests</c>: requests of this picker in flight.</summary>
    ActiveRequests,

    /// <summary><c>running-requests</c>: requests that the model server runs.</summary>
    RunningRequests,

    /// <summary><c>waiting-queue</c>: requests that wait in the model server.</summary>
    WaitingQueue,

    /// <summary><c>kv-cache-utilization</c>: the fraction of the KV cache in use.</summary>
    KvCacheUtilization,
}
