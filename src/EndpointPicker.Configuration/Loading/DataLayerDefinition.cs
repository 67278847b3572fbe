using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.DataLayer;
using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Loading;

/// <summary>The plugins of the data layer.</summary>
/// <param name="Source">What scrapes.</param>
/// <param name="Extractor">What reads the pages; <see langword="null"/> where nothing does.</param>
/// <param name="Discovery">What finds endpoints; <see langword="null"/> for the process's own way.</param>
internal sealed record DataLayerDefinition(PluginDefinition? Source, PluginDefinition? Extractor, PluginDefinition? Discovery)
{
    public DataLayerOptions ToOptions() => new()
    {
        MetricsSource = Source is null || Extractor is null ? null : Options<MetricsSourceOptions>(Source),
        EngineMetrics = Extractor is null ? new EngineMetricsOptions() : Options<EngineMetricsOptions>(Extractor),
        FileDiscovery = Discovery is null ? null : Options<FileDiscoveryOptions>(Discovery),
    };

    public void Write(YamlText text)
    {
        text.Scalar("injectDefaults", "false");
        if (Source is not null)
        {
            text.List("sources", [Source], (source, item) =>
            {
                item.Scalar("pluginRef", YamlText.Quote(source.Name));
                if (Extractor is not null)
                {
                    item.List("extractors", [Extractor], static (extractor, inner) => inner.Scalar("pluginRef", YamlText.Quote(extractor.Name)));
                }
            });
        }

        if (Discovery is not null)
        {
            text.Object("discovery", inner => inner.Scalar("pluginRef", YamlText.Quote(Discovery.Name)));
        }
    }

    private static T Options<T>(PluginDefinition plugin) => ((OptionsPluginType<T>)plugin.Type).Read(plugin.Values);
}
