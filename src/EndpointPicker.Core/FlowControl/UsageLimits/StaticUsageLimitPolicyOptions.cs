namespace EndpointPicker.Core.FlowControl.UsageLimits;

/// <summary>Options of <see cref="StaticUsageLimitPolicy"/>.</summary>
public sealed record StaticUsageLimitPolicyOptions
{
    /// <summary>The saturation from which on nothing is dispatched.</summary>
    /// <value>Default 1.</value>
    public double Threshold { get; init; } = 1;
}
