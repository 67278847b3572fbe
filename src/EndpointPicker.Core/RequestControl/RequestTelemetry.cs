using Microsoft.Extensions.Logging;

namespace EndpointPicker.Core.RequestControl;

/// <summary>Where request control tells what it does.</summary>
/// <param name="Metrics">The request metrics; <see langword="null"/> for none.</param>
/// <param name="Decisions">The log of decisions; <see langword="null"/> for none.</param>
/// <param name="Logger">The logger.</param>
public sealed record RequestTelemetry(RequestMetrics? Metrics, DecisionLog? Decisions, ILogger<RequestDirector> Logger)
{
    /// <summary>Counts the requests of the pool; <see langword="null"/> for none.</summary>
    public PoolRequestMetrics? Pool { get; init; }

    /// <summary>Makes the spans of requests; <see langword="null"/> for none.</summary>
    public RequestTracing? Tracing { get; init; }
}
