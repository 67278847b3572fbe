using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Configuration.Loading;

/// <summary>The feature gates.</summary>
public sealed record FeatureGates
{
    private const string FlowControlName = "flowControl";
    private const string NonLeaderName = "haPopulateNonLeaderDatastore";

    private static readonly string[] Removed = ["dataLayer", "enableLegacyMetrics"];

    /// <summary>Whether requests queue by priority.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool FlowControl { get; init; }

    /// <summary>Whether replicas that do not lead keep their endpoints current.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool HaPopulateNonLeaderDatastore { get; init; } = true;

    internal static FeatureGates Read(FieldValues root, DiagnosticReport report)
    {
        FeatureGates gates = new();
        foreach (ScalarNode entry in root.Get(Envelope.FeatureGates))
        {
            int equals = entry.Text.IndexOf('=');
            string name = (equals < 0 ? entry.Text : entry.Text[..equals]).Trim();
            bool? on = equals < 0 ? true : ParseBool(entry.Text[(equals + 1)..].Trim());
            if (on is null)
            {
                report.Error(entry.Position, $"feature gate '{name}' is neither true nor false", $"write '{name}=true' or '{name}=false'");
                continue;
            }

            gates = gates.With(name, on.Value, entry.Position, report);
        }

        return gates;
    }

    internal string ToYaml() =>
        $"[{FlowControlName}={(FlowControl ? "true" : "false")}, {NonLeaderName}={(HaPopulateNonLeaderDatastore ? "true" : "false")}]";

    private FeatureGates With(string name, bool on, SourcePosition at, DiagnosticReport report)
    {
        string? known = new[] { FlowControlName, NonLeaderName }.FirstOrDefault(gate => gate.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (known is null && Removed.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            report.Warning(at, $"feature gate '{name}' is gone: what it turned on is always on", "remove it");
            return this;
        }

        if (known is null)
        {
            report.Error(
                at,
                $"unknown feature gate '{name}'",
                Suggestion.For(name, [FlowControlName, NonLeaderName], $"known are {FlowControlName} and {NonLeaderName}"));
            return this;
        }

        if (known != name)
        {
            report.Warning(at, $"'{name}' is taken for the feature gate '{known}'", $"write '{known}'");
        }

        return known == FlowControlName ? this with { FlowControl = on } : this with { HaPopulateNonLeaderDatastore = on };
    }

    private static bool? ParseBool(string text) => text.ToLowerInvariant() switch
    {
        "1" or "t" or "true" => true,
        "0" or "f" or "false" => false,
        _ => null,
    };
}
