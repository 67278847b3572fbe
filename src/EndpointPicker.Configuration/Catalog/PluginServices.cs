using System.Diagnostics.Metrics;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling;
using Microsoft.Extensions.Logging;

namespace EndpointPicker.Configuration.Catalog;

/// <summary>What the process gives to the plugins that it creates.</summary>
public sealed record PluginServices
{
    /// <summary>The endpoints.</summary>
    public required EndpointPool Pool { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The source of instruments.</summary>
    public required IMeterFactory Meters { get; init; }

    /// <summary>The source of loggers.</summary>
    public required ILoggerFactory Loggers { get; init; }

    /// <summary>How old signals may be before scorers take their endpoint for one that was never scraped (<c>--metrics-staleness-threshold</c>).</summary>
    public required FreshnessPolicy Freshness { get; init; }
}
