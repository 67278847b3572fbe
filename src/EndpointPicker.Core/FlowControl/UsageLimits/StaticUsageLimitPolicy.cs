namespace EndpointPicker.Core.FlowControl.UsageLimits;

/// <summary><c>static-usage-limit-policy</c>: the same ceiling for every priority.</summary>
public sealed class StaticUsageLimitPolicy(StaticUsageLimitPolicyOptions options)
{
    /// <summary>The saturation from which on no priority band is dispatched.</summary>
    public double Ceiling { get; } = options.Threshold;
}
