namespace EndpointPicker.Core.FlowControl.Fairness;

/// <summary><c>global-strict-fairness-policy</c>: flows do not count; of all flows' heads the ordering policy's first goes first.</summary>
public sealed class GlobalStrictFairnessPolicy;
