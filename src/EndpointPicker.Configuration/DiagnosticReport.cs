namespace EndpointPicker.Configuration;

/// <summary>Collects what is found in one text, so that all mistakes are told at once.</summary>
public sealed class DiagnosticReport(string source)
{
    private readonly List<ConfigurationDiagnostic> _found = [];

    /// <summary>The file, or the option that gave the text.</summary>
    public string Source { get; } = source;

    /// <summary>How many errors there are.</summary>
    public int Errors { get; private set; }

    /// <summary>Adds an error.</summary>
    /// <param name="at">Where it is.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="remedy">What to do.</param>
    public void Error(SourcePosition at, string message, string remedy)
    {
        Errors++;
        _found.Add(new ConfigurationDiagnostic(DiagnosticSeverity.Error, Source, at, message, remedy));
    }

    /// <summary>Adds a warning.</summary>
    /// <param name="at">Where it is.</param>
    /// <param name="message">What is odd.</param>
    /// <param name="remedy">What to do.</param>
    public void Warning(SourcePosition at, string message, string remedy) =>
        _found.Add(new ConfigurationDiagnostic(DiagnosticSeverity.Warning, Source, at, message, remedy));

    /// <summary>What was found, in the order of the text.</summary>
    /// <returns>All findings.</returns>
    public IReadOnlyList<ConfigurationDiagnostic> Sorted() => [.. _found.OrderBy(finding => finding.Position)];
}
