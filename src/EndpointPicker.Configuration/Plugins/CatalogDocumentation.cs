using System.Text;
using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Plugins;

/// <summary>Writes the documentation of all plugin types, so that it says what the loader does.</summary>
public static class CatalogDocumentation
{
    private static readonly (PluginRoles Role, string Title)[] Chapters =
    [
        (PluginRoles.Scorer, "Scorers"),
        (PluginRoles.SaturationDetector, "Saturation detectors"),
        (PluginRoles.Filter, "Filters"),
        (PluginRoles.Picker, "Pickers"),
        (PluginRoles.ProfileHandler, "Profile handlers"),
        (PluginRoles.DataProducer, "Data producers"),
        (PluginRoles.Parser, "Parsers"),
        (PluginRoles.DataSource | PluginRoles.Extractor | PluginRoles.Discovery, "Data layer"),
        (PluginRoles.FairnessPolicy | PluginRoles.OrderingPolicy | PluginRoles.UsageLimitPolicy, "Flow control"),
    ];

    /// <summary>All plugin types with their parameters and defaults.</summary>
    /// <returns>Markdown, headings of level 3 and 4.</returns>
    public static string ToMarkdown()
    {
        StringBuilder text = new();
        HashSet<PluginType> told = [];
        foreach ((PluginRoles role, string title) in Chapters)
        {
            text.Append("### ").Append(title).Append("\n\n");
            foreach (PluginType type in ShippedPlugins.Catalog.Types.Where(type => (type.Roles & role) != 0 && told.Add(type)))
            {
                Append(type, text);
            }
        }

        text.Append("### Of the reference, and not built yet\n\n");
        text.Append(string.Join(", ", ShippedPlugins.Catalog.NotBuilt.Select(name => $"`{name}`"))).Append(".\n");
        return text.ToString();
    }

    private static void Append(PluginType type, StringBuilder text)
    {
        text.Append("#### `").Append(type.Name).Append("`\n\n").Append(type.Summary);
        if (type.DeprecatedNames.Count > 0)
        {
            text.Append(" Deprecated name: ").AppendJoin(", ", type.DeprecatedNames.Select(name => $"`{name}`")).Append('.');
        }

        if (type.Replacement is { } replacement)
        {
            text.Append(" Deprecated: use `").Append(replacement).Append("`.");
        }

        if (type.Stability == Stability.Alpha)
        {
            text.Append(" Alpha: needs `--allow-experimental-plugins`.");
        }

        text.Append("\n\n");
        if (type.Parameters.Fields.Count == 0)
        {
            text.Append(type.IgnoresParameters ? "No parameters; any are ignored with a warning.\n\n" : "No parameters.\n\n");
            return;
        }

        text.Append("| parameter | kind | default | meaning |\n|---|---|---|---|\n");
        Append(type.Parameters, "", text);
        text.Append('\n');
    }

    private static void Append(Schema schema, string prefix, StringBuilder text)
    {
        foreach (Field field in schema.Fields)
        {
            string name = prefix + field.Name;
            string fallback = field.Required ? "required" : field.DefaultText is "" or "\"\"" ? "" : $"`{field.DefaultText}`";
            text.Append("| `").Append(name).Append("` | ").Append(field.Kind).Append(" | ").Append(fallback).Append(" | ").Append(field.Meaning);
            if (field.DeprecatedNames.Count > 0)
            {
                text.Append(" Deprecated name: ").AppendJoin(", ", field.DeprecatedNames.Select(old => $"`{old}`")).Append('.');
            }

            text.Append(" |\n");
            if (field.Nested is { } nested)
            {
                Append(nested, field is ObjectListField ? name + "[]." : name + ".", text);
            }
        }
    }
}
