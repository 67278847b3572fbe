namespace EndpointPicker.Configuration;

/// <summary>Whether a finding stops the process from starting.</summary>
public enum DiagnosticSeverity
{
    /// <summary>The configuration loads all the same.</summary>
    Warning,

    /// <summary>The configuration is refused.</summary>
    Error,
}
