namespace EndpointPicker.Configuration.DataLayer;

/// <summary>A metric that the configuration names and that plugins read by its attribute key.</summary>
/// <param name="AttributeKey">The key, unique in its engine.</param>
/// <param name="Metric">Where it is on the metrics page.</param>
public sealed record CustomMetric(string AttributeKey, MetricSpec Metric);
