namespace EndpointPicker.Configuration.FlowControl;

/// <summary>The limits and policies of one priority.</summary>
public sealed record PriorityBandOptions
{
    /// <summary>The priority; higher is more important.</summary>
    public int Priority { get; init; }

    /// <summary>Bytes of request bodies that may wait.</summary>
    /// <value>The default is 1,000,000,000.</value>
    public long MaxBytes { get; init; } = 1_000_000_000;

    /// <summary>Requests that may wait.</summary>
    /// <value>The default is 5000.</value>
    public long MaxRequests { get; init; } = 5000;

    /// <summary>The name of the plugin that chooses between flows.</summary>
    /// <value>The default is <c>global-strict-fairness-policy</c>.</value>
    public string FairnessPolicy { get; init; } = "global-strict-fairness-policy";

    /// <summary>The name of the plugin that orders a flow.</summary>
    /// <value>The default is <c>fcfs-ordering-policy</c>.</value>
    public string OrderingPolicy { get; init; } = "fcfs-ordering-policy";
}
