namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>What a bootstrap would configure in Envoy.</summary>
public sealed record GatewayOptions
{
    /// <summary>The picker, such as <c>http://127.0.0.1:9002</c>; null asks none and sends each request to the next endpoint (Envoy's ROUND_ROBIN).</summary>
    public Uri? Processor { get; init; }

    /// <summary>The cluster's hosts as ip:port.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    public DestinationSource Destination { get; init; } = DestinationSource.OverrideHost;

    public BodyMode RequestBodyMode { get; init; } = BodyMode.FullDuplexStreamed;

    public BodyMode ResponseBodyMode { get; init; } = BodyMode.None;

    public bool SendRequestTrailers { get; init; } = true;

    public bool SendResponseHeaders { get; init; } = true;

    public bool SendResponseTrailers { get; init; }

    public bool AllowModeOverride { get; init; }

    /// <summary>Whether a request goes on without the picker when that fails.</summary>
    public bool FailureModeAllow { get; init; }

    /// <summary>Whether every breach of the protocol ends the request, also those that Envoy lets pass.</summary>
    public bool Strict { get; init; }

    public int StatusOnError { get; init; } = 500;

    /// <summary>How long one answer may take; full duplex has no such limit.</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How much of a body BUFFERED may hold and BUFFERED_PARTIAL sends.</summary>
    public int BufferLimit { get; init; } = 1024 * 1024;

    public int Retries { get; init; } = 2;

    public BreakerLimits Breaker { get; init; } = new();

    /// <summary>Endpoints offered to the picker as a subset hint; none sends no hint.</summary>
    public IReadOnlyList<string> SubsetHint { get; init; } = [];
}
