using System.Diagnostics.CodeAnalysis;

namespace EndpointPicker.Configuration.Loading;

/// <summary>What has become of loading: a configuration with warnings, or the errors that forbid one.</summary>
public sealed class ConfigurationOutcome
{
    private ConfigurationOutcome(EndpointPickerConfiguration? configuration, IReadOnlyList<ConfigurationDiagnostic> diagnostics)
    {
        Configuration = configuration;
        Diagnostics = diagnostics;
    }

    /// <summary>The configuration; <see langword="null"/> where there are errors.</summary>
    public EndpointPickerConfiguration? Configuration { get; }

    /// <summary>Whether there is a configuration.</summary>
    [MemberNotNullWhen(true, nameof(Configuration))]
    public bool IsLoaded => Configuration is not null;

    /// <summary>Everything that was found, in the order of the text; warnings alone where it is loaded.</summary>
    public IReadOnlyList<ConfigurationDiagnostic> Diagnostics { get; }

    internal static ConfigurationOutcome Loaded(EndpointPickerConfiguration configuration, DiagnosticReport report) => new(configuration, report.Sorted());

    internal static ConfigurationOutcome Refused(DiagnosticReport report) => new(null, report.Sorted());
}
