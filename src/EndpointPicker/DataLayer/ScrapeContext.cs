namespace EndpointPicker.DataLayer;

/// <summary>What all targets of a loop share.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Random">Spreads due times; only the loop draws from it.</param>
/// <param name="Metrics">Counts failures.</param>
/// <param name="Logger">Where changes of state are said.</param>
internal sealed record ScrapeContext(TimeProvider Time, Random Random, DataLayerMetrics Metrics, ILogger Logger);
