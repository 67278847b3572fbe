namespace EndpointPicker.Core.RequestControl;

/// <summary>What gave a request its priority.</summary>
public enum PrioritySource
{
    /// <summary>Nothing: it is 0.</summary>
    Default,

    /// <summary>The objective that the request names.</summary>
    Objective,

    /// <summary>The model that the request names.</summary>
    Model,
}
