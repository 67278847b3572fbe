using System.Globalization;
using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.FlowControl;
using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Loading;

/// <summary>Writes the configuration that is in force: every plugin with every parameter, whether the text named it or not.</summary>
internal sealed class EffectiveConfiguration(
    string source,
    FeatureGates gates,
    IReadOnlyList<PluginDefinition> plugins,
    IReadOnlyList<ProfileDefinition> profiles,
    IReadOnlyList<PluginDefinition> parsers,
    DataLayerDefinition dataLayer,
    FlowControlOptions flowControl)
{
    public string ToYaml()
    {
        YamlText text = new();
        string[] added = [.. plugins.Where(plugin => plugin.Injected).Select(plugin => plugin.Name)];
        text.Comment(added.Length == 0 ? source : $"{source}, and added to it: {string.Join(", ", added)}");
        text.Scalar("apiVersion", Envelope.ApiVersion);
        text.Scalar("kind", Envelope.Kind);
        text.Scalar("featureGates", gates.ToYaml());
        text.List("plugins", plugins, Plugin);
        text.List("schedulingProfiles", profiles, Profile);
        text.Object("requestHandler", inner => inner.List("parsers", parsers, Reference));
        text.Object("dataLayer", dataLayer.Write);
        text.Object("flowControl", FlowControl);
        return text.ToString();
    }

    /// <summary>Writes it as one line.</summary>
    public string ToSummary()
    {
        List<string> parts = [$"from {source}"];
        parts.AddRange(profiles.Select(profile => $"profile {profile.Name}: {string.Join(", ", profile.Plugins.Select(Member))}"));
        parts.Add($"parsers: {Names(parsers)}");
        parts.Add($"data sources: {(dataLayer is { Source: { } from, Extractor: { } reader } ? $"{from.Name} with {reader.Name}" : "none")}");
        parts.Add($"discovery: {dataLayer.Discovery?.Name ?? "by the flags"}");
        return string.Join("; ", parts);
    }

    private static string Member((PluginDefinition Plugin, double Weight) member) =>
        member.Plugin.Is(PluginRoles.Scorer) ? $"{member.Plugin.Name} x {Number(member.Weight)}" : member.Plugin.Name;

    private static string Names(IEnumerable<PluginDefinition> plugins) => string.Join(", ", plugins.Select(plugin => plugin.Name));

    private static void Reference(PluginDefinition plugin, YamlText text) => text.Scalar("pluginRef", YamlText.Quote(plugin.Name));

    private static void Plugin(PluginDefinition plugin, YamlText text)
    {
        text.Scalar("type", plugin.Type.Name);
        text.Scalar("name", YamlText.Quote(plugin.Name));
        text.Object("parameters", plugin.Values.Write);
    }

    private static void Profile(ProfileDefinition profile, YamlText text)
    {
        text.Scalar("name", YamlText.Quote(profile.Name));
        text.List("plugins", profile.Plugins, static (member, inner) =>
        {
            Reference(member.Plugin, inner);
            if (member.Plugin.Is(PluginRoles.Scorer))
            {
                inner.Scalar("weight", Number(member.Weight));
            }
        });
    }

    private void FlowControl(YamlText text)
    {
        text.Object("saturationDetector", inner => inner.Scalar("pluginRef", YamlText.Quote(flowControl.SaturationDetector)));
        if (!flowControl.Enabled)
        {
            return;
        }

        text.Scalar("maxBytes", Number(flowControl.MaxBytes ?? 0));
        text.Scalar("maxRequests", Number(flowControl.MaxRequests ?? 0));
        text.Scalar("defaultRequestTTL", Duration(flowControl.DefaultRequestTtl));
        text.Scalar("noEndpointRequestTTL", Duration(flowControl.NoEndpointRequestTtl));
        text.Object("defaultPriorityBand", inner => Band(flowControl.DefaultPriorityBand, inner));
        text.Object("defaultNegativePriorityBand", inner => Band(flowControl.DefaultNegativePriorityBand, inner));
        if (flowControl.PriorityBands.Count > 0)
        {
            text.List("priorityBands", flowControl.PriorityBands, Band);
        }

        text.Scalar("usageLimitPolicyPluginRef", YamlText.Quote(flowControl.UsageLimitPolicy));
        text.Scalar("enableEviction", flowControl.EnableEviction ? "true" : "false");
    }

    private static void Band(PriorityBandOptions band, YamlText text)
    {
        text.Scalar("priority", Number(band.Priority));
        text.Scalar("maxBytes", Number(band.MaxBytes));
        text.Scalar("maxRequests", Number(band.MaxRequests));
        text.Scalar("fairnessPolicyRef", YamlText.Quote(band.FairnessPolicy));
        text.Scalar("orderingPolicyRef", YamlText.Quote(band.OrderingPolicy));
    }

    private static string Duration(TimeSpan value) => Envelope.RequestTtl.Format(value);

    private static string Number(double value) => value.ToString("0.################", CultureInfo.InvariantCulture);
}
