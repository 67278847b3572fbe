using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Configuration.Loading;

/// <summary>Reads the <c>plugins</c> list.</summary>
internal sealed class PluginDeclarations(PluginSet plugins, LoadSettings settings, DiagnosticReport report)
{
    public void Read(FieldValues root)
    {
        IReadOnlyList<FieldValues> declared = root.Get(Envelope.Plugins);
        for (int i = 0; i < declared.Count; i++)
        {
            Read(declared[i], $"plugins[{i}]");
        }
    }

    private void Read(FieldValues entry, string path)
    {
        string typeName = entry.Get(Envelope.PluginTypeField);
        string name = entry.Get(Envelope.PluginName) is { Length: > 0 } given ? given : typeName;
        if (name.Length == 0)
        {
            return;
        }

        if (plugins.Declares(name))
        {
            report.Error(entry.Position, $"two plugins are called '{name}'", "give one of them another 'name'");
            return;
        }

        SourcePosition at = entry.At(Envelope.PluginTypeField);
        PluginType? type = typeName.Length == 0 ? null : plugins.Catalog.Find(typeName, at, report);
        if (type is null)
        {
            plugins.AddBroken(name);
            return;
        }

        if (type.Stability == Stability.Alpha && !settings.AllowExperimentalPlugins)
        {
            report.Error(
                at,
                $"plugin type '{type.Name}' has Alpha stability level, but command line flag --allow-experimental-plugins is not set",
                "start with --allow-experimental-plugins, or remove the plugin");
        }

        plugins.Add(new PluginDefinition(name, type, Parameters(entry, type, path), Injected: false));
    }

    private FieldValues Parameters(FieldValues entry, PluginType type, string path)
    {
        ConfigNode? node = entry.Get(Envelope.PluginParameters);
        if (type.IgnoresParameters)
        {
            if (node is not (null or MappingNode { Entries.Count: 0 }))
            {
                SourcePosition at = node is MappingNode mapping ? mapping.Entries[0].Key.Position : node.Position;
                report.Warning(at, $"'{type.Name}' has no parameters and ignores these", "remove them");
            }

            return FieldValues.Defaults(type.Parameters, entry.Position);
        }

        int errors = report.Errors;
        FieldValues values = type.Parameters.Read(node, new SchemaReading(report, AnyCase: true, $"{path}.parameters"), entry.Position);
        if (report.Errors == errors)
        {
            type.Check(values, report);
        }

        return values;
    }
}
