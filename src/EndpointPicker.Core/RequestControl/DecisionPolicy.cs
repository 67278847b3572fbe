using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Requests.Parsers;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.RequestControl;

/// <summary>What configuration makes of the decision.</summary>
public sealed record DecisionPolicy
{
    /// <summary>The scheduler with its plugins.</summary>
    public required Scheduler Scheduler { get; init; }

    /// <summary>What tells admission how full the candidates are; <see langword="null"/> to shed nothing.</summary>
    public ISaturationDetector? SaturationDetector { get; init; }

    /// <summary>The parsers of request bodies.</summary>
    /// <value>Default <see cref="RequestParsers.Default"/>.</value>
    public RequestParsers Parsers { get; init; } = RequestParsers.Default;

    /// <summary>What the cluster says of priorities and models.</summary>
    /// <value>Default: nothing.</value>
    public RequestRules Rules { get; init; } = new();

    /// <summary>How request bodies are read.</summary>
    public RequestReadingOptions Reading { get; init; } = new();

    /// <summary>How old signals may be for the fallback pick to prefer an endpoint.</summary>
    public required FreshnessPolicy Freshness { get; init; }

    /// <summary>Whether the proxy's subset is ignored.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool IgnoresSubset { get; init; }

    /// <summary>Whether subsets are compared by address alone, requests without a body go anywhere, and statuses are the reference's.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool ReferenceCompatible { get; init; }
}
