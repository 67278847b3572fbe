using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.FlowControl;
using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Loading;

/// <summary>Reads the flow-control section and adds the policies that always exist.</summary>
internal sealed class FlowControlReader(PluginSet plugins, FeatureGates gates, DiagnosticReport report)
{
    private const string DefaultDetector = "utilization-detector";

    private static readonly string[] Always = ["fcfs-ordering-policy", "global-strict-fairness-policy", "static-usage-limit-policy"];

    public FlowControlOptions Read(FieldValues root)
    {
        foreach (string policy in Always)
        {
            plugins.FindOrInject(policy);
        }

        FieldValues? section = root.Get(Envelope.FlowControl);
        string detector = Detector(root, section);
        if (section is null || !gates.FlowControl)
        {
            if (section is not null && section.Schema.Fields.Any(field => field != Envelope.SaturationDetector && section.Has(field)))
            {
                report.Warning(
                    root.At(Envelope.FlowControl),
                    "of 'flowControl' only the saturation detector is used while the feature gate is off",
                    "add 'flowControl' to 'featureGates', or remove the section");
            }

            return new FlowControlOptions { Enabled = gates.FlowControl, SaturationDetector = detector };
        }

        TimeSpan ttl = section.Get(Envelope.RequestTtl) ?? TimeSpan.FromSeconds(60);
        return new FlowControlOptions
        {
            Enabled = true,
            MaxBytes = Limit(section.Get(Envelope.MaxBytes)),
            MaxRequests = Limit(section.Get(Envelope.MaxRequests)),
            DefaultRequestTtl = ttl,
            NoEndpointRequestTtl = section.Get(Envelope.NoEndpointTtl) ?? ttl,
            DefaultPriorityBand = Band(section.Get(Envelope.DefaultBand)),
            DefaultNegativePriorityBand = Band(section.Get(Envelope.DefaultNegativeBand)),
            PriorityBands = Bands(section),
            UsageLimitPolicy = Policy(section, Envelope.UsageLimitPolicy, PluginRoles.UsageLimitPolicy, "static-usage-limit-policy"),
            SaturationDetector = detector,
            EnableEviction = section.Get(Envelope.EnableEviction),
        };
    }

    private static long? Limit(long value) => value == 0 ? null : value;

    private string Detector(FieldValues root, FieldValues? section)
    {
        FieldValues? reference = section?.Get(Envelope.SaturationDetector);
        if (root.Get(Envelope.SaturationDetector) is { } old)
        {
            report.Warning(
                root.At(Envelope.SaturationDetector),
                reference is null
                    ? "'saturationDetector' is deprecated here"
                    : "'saturationDetector' is deprecated here, and 'flowControl.saturationDetector' overrides it",
                reference is null ? "move it to 'flowControl.saturationDetector'" : "remove it");
            reference ??= old;
        }

        string name = reference?.Get(Envelope.PluginRef) is { Length: > 0 } given ? given : DefaultDetector;
        if (name == DefaultDetector)
        {
            plugins.FindOrInject(name);
        }

        SourcePosition at = reference?.At(Envelope.PluginRef) ?? root.Position;
        plugins.Resolve(name, at, PluginRoles.SaturationDetector, "flowControl.saturationDetector");
        return name;
    }

    private List<PriorityBandOptions> Bands(FieldValues section)
    {
        List<PriorityBandOptions> bands = [];
        foreach (FieldValues entry in section.Get(Envelope.Bands))
        {
            PriorityBandOptions band = Band(entry);
            if (bands.Exists(known => known.Priority == band.Priority))
            {
                report.Error(entry.At(Envelope.Priority), $"two bands have the priority {band.Priority}", "keep one of them");
            }

            bands.Add(band);
        }

        return bands;
    }

    private PriorityBandOptions Band(FieldValues? entry)
    {
        PriorityBandOptions defaults = new();
        return entry is null ? defaults : new PriorityBandOptions
        {
            Priority = entry.Get(Envelope.Priority),
            MaxBytes = Limit(entry.Get(Envelope.MaxBytes)) ?? defaults.MaxBytes,
            MaxRequests = Limit(entry.Get(Envelope.MaxRequests)) ?? defaults.MaxRequests,
            FairnessPolicy = Policy(entry, Envelope.FairnessPolicy, PluginRoles.FairnessPolicy, defaults.FairnessPolicy),
            OrderingPolicy = Policy(entry, Envelope.OrderingPolicy, PluginRoles.OrderingPolicy, defaults.OrderingPolicy),
        };
    }

    private string Policy(FieldValues values, TextField field, PluginRoles role, string fallback)
    {
        string name = values.Get(field) is { Length: > 0 } given ? given : fallback;
        plugins.Resolve(name, values.At(field), role, $"'{field.Name}'");
        return name;
    }
}
