namespace EndpointPicker.Core.Scheduling.Filters;

/// <summary>One condition of a <see cref="UtilizationFilter"/>.</summary>
/// <param name="Metric">What is compared.</param>
/// <param name="MaxValue">The highest value that is kept; at least 0, and at most 1 for the KV cache.</param>
public readonly record struct UtilizationCondition(UtilizationMetric Metric, double MaxValue);
