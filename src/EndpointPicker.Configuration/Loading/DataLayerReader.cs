using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Loading;

/// <summary>Reads the data layer and adds the scraping of engine metrics where the text does not name it.</summary>
internal sealed class DataLayerReader(PluginSet plugins, DiagnosticReport report)
{
    private const string MetricsSource = "metrics-data-source";
    private const string MetricsExtractor = "core-metrics-extractor";

    public DataLayerDefinition Read(FieldValues root)
    {
        FieldValues section = root.Get(Envelope.DataLayer) ?? FieldValues.Defaults(Envelope.DataLayer.Nested, root.Position);
        RefuseNotBuilt(section, Envelope.PeerDiscovery);
        RefuseNotBuilt(section, Envelope.Syncer);

        DataLayerDefinition found = new(null, null, Discovery(section));
        bool named = false;
        foreach (FieldValues source in section.Get(Envelope.Sources))
        {
            named = true;
            found = WithSource(found, source);
        }

        bool scraped = found.Source is not null;
        if (!scraped && section.Get(Envelope.InjectDefaults))
        {
            return found with { Source = plugins.FindOrInject(MetricsSource), Extractor = plugins.FindOrInject(MetricsExtractor) };
        }

        if (!scraped && !named)
        {
            report.Error(
                section.At(Envelope.InjectDefaults),
                "the data layer has no source of signals",
                $"remove 'injectDefaults: false', or add the source '{MetricsSource}' with the extractor '{MetricsExtractor}'");
        }

        return found;
    }

    private PluginDefinition? Discovery(FieldValues section) =>
        section.Get(Envelope.Discovery) is { } reference && reference.Get(Envelope.PluginRef) is { Length: > 0 } name
            ? plugins.Resolve(name, reference.At(Envelope.PluginRef), PluginRoles.Discovery, "dataLayer.discovery")
            : null;

    private DataLayerDefinition WithSource(DataLayerDefinition found, FieldValues entry)
    {
        string name = entry.Get(Envelope.PluginRef);
        SourcePosition at = entry.At(Envelope.PluginRef);
        PluginDefinition? extractor = Extractor(entry, name);
        if (name.Length == 0 || plugins.Resolve(name, at, PluginRoles.DataSource, "dataLayer.sources") is not { } source)
        {
            return found;
        }

        if (extractor is null)
        {
            report.Warning(at, $"nothing reads what '{name}' scrapes", $"add the extractor '{MetricsExtractor}' to it");
        }

        if (found.Source is not null)
        {
            report.Warning(at, $"endpoints are scraped once, by '{found.Source.Name}'; '{name}' is not used", "keep one source of this type");
            return found;
        }

        return found with { Source = source, Extractor = extractor };
    }

    private PluginDefinition? Extractor(FieldValues source, string sourceName)
    {
        PluginDefinition? found = null;
        foreach (FieldValues entry in source.Get(Envelope.Extractors))
        {
            string name = entry.Get(Envelope.PluginRef);
            SourcePosition at = entry.At(Envelope.PluginRef);
            if (name.Length == 0 || plugins.Resolve(name, at, PluginRoles.Extractor, $"source '{sourceName}'") is not { } extractor)
            {
                continue;
            }

            if (found is not null)
            {
                report.Error(at, $"'{name}' is a second extractor of type '{extractor.Type.Name}' on '{sourceName}'", "keep one of them");
            }

            found ??= extractor;
        }

        return found;
    }

    private void RefuseNotBuilt(FieldValues section, Field field)
    {
        if (section.Has(field))
        {
            report.Error(section.At(field), $"'dataLayer.{field.Name}' is not built here yet", "remove it: every replica decides on its own");
        }
    }
}
