using System.Diagnostics.CodeAnalysis;

namespace EndpointPicker.Configuration.Catalog;

/// <summary>All plugin types: those that are built, and those of the reference that are not built yet.</summary>
internal sealed class PluginCatalog
{
    private readonly Dictionary<string, PluginType> _byName = new(StringComparer.Ordinal);

    public PluginCatalog(IReadOnlyList<PluginType> types, IReadOnlyList<string> notBuilt)
    {
        Types = types;
        NotBuilt = notBuilt;
        foreach (PluginType type in types)
        {
            _byName.Add(type.Name, type);
            foreach (string deprecated in type.DeprecatedNames)
            {
                _byName.Add(deprecated, type);
            }
        }
    }

    public IReadOnlyList<PluginType> Types { get; }

    /// <summary>Types of the reference that this program does not have yet.</summary>
    public IReadOnlyList<string> NotBuilt { get; }

    public PluginType this[string name] => _byName[name];

    public bool TryFind(string name, [NotNullWhen(true)] out PluginType? type) => _byName.TryGetValue(name, out type);

    /// <summary>Finds a type, or reports why there is none.</summary>
    public PluginType? Find(string name, SourcePosition at, DiagnosticReport report)
    {
        if (TryFind(name, out PluginType? type))
        {
            if (name != type.Name)
            {
                report.Warning(at, $"plugin type '{name}' is deprecated", $"write '{type.Name}'");
            }
            else if (type.Replacement is { } replacement)
            {
                report.Warning(at, $"plugin type '{name}' is deprecated", $"use '{replacement}'");
            }

            return type;
        }

        if (NotBuilt.Contains(name))
        {
            report.Error(
                at,
                $"plugin type '{name}' of the reference is not built here yet",
                "remove the plugin and what refers to it; docs/configuration.md lists the types that are built");
            return null;
        }

        report.Error(
            at,
            $"unknown plugin type '{name}'",
            Suggestion.For(name, _byName.Keys.Concat(NotBuilt), "docs/configuration.md lists the types"));
        return null;
    }
}
