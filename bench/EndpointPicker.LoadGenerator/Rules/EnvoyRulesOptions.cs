using Envoy.Extensions.Filters.Http.ExtProc.V3;

namespace EndpointPicker.LoadGenerator.Rules;

/// <summary>How the imagined Envoy is configured, and what is expected of the picker beyond the protocol.</summary>
public sealed record EnvoyRulesOptions
{
    public ProcessingMode.Types.BodySendMode RequestBodyMode { get; init; } = ProcessingMode.Types.BodySendMode.FullDuplexStreamed;

    public ProcessingMode.Types.BodySendMode ResponseBodyMode { get; init; }

    /// <summary>Nothing may be answered at all.</summary>
    public bool ObservabilityMode { get; init; }

    /// <summary>The filter's <c>allow_mode_override</c>.</summary>
    public bool AllowModeOverride { get; init; }

    /// <summary>Whether bodies may come back changed, because a model's name is rewritten.</summary>
    public bool AllowRewrittenBodies { get; init; }

    /// <summary>Whether every request must get a destination or an immediate response.</summary>
    public bool RequireDestination { get; init; } = true;
}
