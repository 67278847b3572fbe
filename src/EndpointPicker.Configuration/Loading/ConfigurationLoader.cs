using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.FlowControl;
using EndpointPicker.Configuration.Plugins;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Configuration.Yaml;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Requests.Parsers;

namespace EndpointPicker.Configuration.Loading;

/// <summary>
/// Loads an <c>EndpointPickerConfig</c>. What the reference loads, loads; mistakes are told all at once, each with its place and a remedy.
/// </summary>
public static class ConfigurationLoader
{
    private const string TextSource = "--config-text";

    private const string DefaultText = """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: queue-scorer
        - type: kv-cache-utilization-scorer
        - type: prefix-cache-scorer
        - type: metrics-data-source
        - type: core-metrics-extractor
        schedulingProfiles:
        - name: default
          plugins:
          - pluginRef: queue-scorer
            weight: 2
          - pluginRef: kv-cache-utilization-scorer
            weight: 2
          - pluginRef: prefix-cache-scorer
            weight: 3
        dataLayer:
          sources:
          - pluginRef: metrics-data-source
            extractors:
            - pluginRef: core-metrics-extractor
        """;

    /// <summary>Loads a file.</summary>
    /// <param name="path">The file, YAML or JSON; an empty one means the default configuration.</param>
    /// <param name="settings">What the command line says.</param>
    /// <returns>The configuration, or what is wrong with it; a file that cannot be read included.</returns>
    public static ConfigurationOutcome LoadFile(string path, LoadSettings settings)
    {
        try
        {
            return Load(File.ReadAllText(path), path, settings, ShippedPlugins.Catalog);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            DiagnosticReport report = new(path);
            report.Error(SourcePosition.Start, $"the file cannot be read: {unreadable.Message}", "check the path of --config-file and who may read it");
            return ConfigurationOutcome.Refused(report);
        }
    }

    /// <summary>Loads a text.</summary>
    /// <param name="text">YAML or JSON; an empty text means the default configuration.</param>
    /// <param name="settings">What the command line says.</param>
    /// <returns>The configuration, or what is wrong with it.</returns>
    public static ConfigurationOutcome LoadText(string text, LoadSettings settings) => Load(text, TextSource, settings, ShippedPlugins.Catalog);

    /// <summary>Loads the configuration that holds where none is given.</summary>
    /// <param name="settings">What the command line says.</param>
    /// <returns>The configuration.</returns>
    public static ConfigurationOutcome LoadDefault(LoadSettings settings) => Load("", TextSource, settings, ShippedPlugins.Catalog);

    internal static ConfigurationOutcome Load(string text, string source, LoadSettings settings, PluginCatalog catalog)
    {
        bool silent = string.IsNullOrWhiteSpace(text);
        DiagnosticReport report = new(silent ? "built-in default" : source);
        ConfigNode? tree = YamlTreeReader.Read(silent ? DefaultText : text, report);
        if (tree is null && report.Errors == 0)
        {
            report.Error(SourcePosition.Start, "the text holds no configuration", "write an EndpointPickerConfig, or leave the option out for the default");
        }

        if (tree is null)
        {
            return ConfigurationOutcome.Refused(report);
        }

        FieldValues root = Envelope.Root.Read(tree, new SchemaReading(report, AnyCase: false, ""), tree.Position);
        CheckIdentity(root, report);
        FeatureGates gates = FeatureGates.Read(root, report);
        PluginSet plugins = new(catalog, report);
        new PluginDeclarations(plugins, settings, report).Read(root);

        ProfileReader profileReader = new(plugins, report);
        IReadOnlyList<ProfileDefinition> profiles = profileReader.Read(root);
        PluginDefinition? handler = profileReader.Handler(root, profiles.Count);
        FlowControlOptions flowControl = new FlowControlReader(plugins, gates, report).Read(root);
        DataLayerDefinition dataLayer = new DataLayerReader(plugins, report).Read(root);
        IReadOnlyList<PluginDefinition> parsers = new ParserListReader(plugins, report).Read(root);
        ProducerCompletion completion = new(plugins, report);
        IReadOnlyList<PluginDefinition> ordered = completion.Complete();
        if (report.Errors > 0)
        {
            return ConfigurationOutcome.Refused(report);
        }

        PluginGraph graph = new(ordered, completion.Producers, profiles, handler!);
        EffectiveConfiguration effective = new(report.Source, gates, plugins.All, profiles, parsers, dataLayer, flowControl);
        EndpointPickerConfiguration configuration = new(graph)
        {
            FeatureGates = gates,
            Parsers = new RequestParsers([.. parsers.Select(Options<RequestParser>)]),
            TokenEstimate = plugins.All.FirstOrDefault(plugin => plugin.Type is TokenProducerType) is { } estimate
                ? Options<TokenEstimateOptions>(estimate)
                : new TokenEstimateOptions(),
            DataLayer = dataLayer.ToOptions(),
            FlowControl = flowControl,
            EffectiveText = effective.ToYaml(),
            Summary = effective.ToSummary(),
        };
        return ConfigurationOutcome.Loaded(configuration, report);
    }

    private static T Options<T>(PluginDefinition plugin) => ((OptionsPluginType<T>)plugin.Type).Read(plugin.Values);

    private static void CheckIdentity(FieldValues root, DiagnosticReport report)
    {
        string version = root.Get(Envelope.ApiVersionField);
        if (version == Envelope.LegacyApiVersion)
        {
            report.Warning(root.At(Envelope.ApiVersionField), $"apiVersion '{version}' is deprecated", $"write '{Envelope.ApiVersion}'");
        }
        else if (version is not ("" or Envelope.ApiVersion))
        {
            report.Error(root.At(Envelope.ApiVersionField), $"apiVersion '{version}' is not known", $"write '{Envelope.ApiVersion}'");
        }

        if (root.Get(Envelope.KindField) is not ("" or Envelope.Kind))
        {
            report.Error(root.At(Envelope.KindField), $"kind '{root.Get(Envelope.KindField)}' is not known", $"write '{Envelope.Kind}'");
        }
    }
}
