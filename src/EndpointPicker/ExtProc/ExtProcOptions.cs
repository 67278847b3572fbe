namespace EndpointPicker.ExtProc;

/// <summary>How ext_proc streams are served.</summary>
internal sealed record ExtProcOptions
{
    /// <summary>The body modes, both directions, of a stream that does not tell them (<c>--default-body-mode</c>).</summary>
    /// <value>Full duplex.</value>
    public BodyMode DefaultBodyMode { get; init; } = BodyMode.FullDuplexStreamed;

    /// <summary>When streams end (<c>--stream-lifetime</c>).</summary>
    /// <value>As the proxy's configuration has it.</value>
    /// <remarks><see cref="StreamLifetime.Headers"/> behaves as <see cref="StreamLifetime.Auto"/> where response bodies are full duplex.</remarks>
    public StreamLifetime Lifetime { get; init; } = StreamLifetime.Auto;

    /// <summary>Whose wire details the answers have (<c>--compatibility</c>).</summary>
    /// <value>The protocol's.</value>
    public WireCompatibility Compatibility { get; init; } = WireCompatibility.None;

    /// <summary>Whether to ask for a body that the proxy is configured not to send (<c>--request-body-by-mode-override</c>).</summary>
    /// <value>Off: the stream does not tell whether Envoy obeys.</value>
    public bool RequestBodyByModeOverride { get; init; }

    /// <summary>How long a decision may wait before a fallback pick is sent (<c>--decision-timeout</c>); infinite for no limit.</summary>
    /// <value>400 ms.</value>
    public TimeSpan DecisionTimeout { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>The largest request body that is held for a decision; larger ones get a 413 (<c>--max-request-body-size</c>).</summary>
    /// <value>64 MiB.</value>
    public long MaxRequestBodyBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Whether the metadata also tells what each endpoint scored (<c>--emit-endpoint-scores</c>).</summary>
    /// <value>Off.</value>
    public bool EmitEndpointScores { get; init; }

    /// <summary>Whether the decision wants the name of the proxy's route (<c>--pool-route</c>).</summary>
    /// <value>Off.</value>
    public bool ReadRouteName { get; init; }

    /// <summary>Whether the answers are the reference's in detail.</summary>
    public bool IsReference => Compatibility == WireCompatibility.Reference;
}
