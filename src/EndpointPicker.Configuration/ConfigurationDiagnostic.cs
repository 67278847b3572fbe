namespace EndpointPicker.Configuration;

/// <summary>One finding in a configuration: where it is, what it is, and what to do about it.</summary>
/// <param name="Severity">Whether it stops the start.</param>
/// <param name="Source">The file, or the option that gave the text.</param>
/// <param name="Position">Where in that text.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
public sealed record ConfigurationDiagnostic(DiagnosticSeverity Severity, string Source, SourcePosition Position, string Message, string Remedy)
{
    /// <summary>One line, as compilers print findings.</summary>
    /// <returns><c>file:line:column: error: what; remedy</c>.</returns>
    public override string ToString() =>
        $"{Source}:{Position}: {(Severity == DiagnosticSeverity.Error ? "error" : "warning")}: {Message}; {Remedy}";
}
