using System.Diagnostics.CodeAnalysis;
using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Loading;

/// <summary>The plugins of one configuration in the order of the text, those that the loader adds behind them.</summary>
internal sealed class PluginSet(PluginCatalog catalog, DiagnosticReport report)
{
    private readonly List<PluginDefinition> _plugins = [];
    private readonly Dictionary<string, PluginDefinition> _byName = new(StringComparer.Ordinal);
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);

    public IReadOnlyList<PluginDefinition> All => _plugins;

    public PluginCatalog Catalog { get; } = catalog;

    public IEnumerable<PluginDefinition> With(PluginRoles role) => _plugins.Where(plugin => plugin.Is(role));

    public void Add(PluginDefinition plugin)
    {
        _plugins.Add(plugin);
        _byName.Add(plugin.Name, plugin);
    }

    /// <summary>Remembers a name whose plugin is reported already, so that references to it are not reported again.</summary>
    public void AddBroken(string name) => _broken.Add(name);

    public bool Declares(string name) => _byName.ContainsKey(name) || _broken.Contains(name);

    public bool TryFind(string name, [NotNullWhen(true)] out PluginDefinition? plugin) => _byName.TryGetValue(name, out plugin);

    /// <summary>The plugin of that name; where there is none, one of the type of that name is added.</summary>
    public PluginDefinition? FindOrInject(string name)
    {
        if (_broken.Contains(name))
        {
            return null;
        }

        PluginType type = Catalog[name];
        if (_byName.TryGetValue(name, out PluginDefinition? plugin))
        {
            if (plugin.Is(type.Roles))
            {
                return plugin;
            }

            report.Error(
                plugin.Values.Position,
                $"a {RoleNames.Of(type.Roles)} called '{name}' is needed, and a plugin of type '{plugin.Type.Name}' has that name",
                "give the plugin another 'name'");
            return null;
        }

        plugin = new PluginDefinition(name, type, FieldValues.Defaults(type.Parameters, SourcePosition.Start), Injected: true);
        Add(plugin);
        return plugin;
    }

    /// <summary>Resolves a reference to a plugin with a role, or reports why it cannot.</summary>
    public PluginDefinition? Resolve(string name, SourcePosition at, PluginRoles role, string usedAs)
    {
        if (_broken.Contains(name))
        {
            return null;
        }

        if (!_byName.TryGetValue(name, out PluginDefinition? plugin))
        {
            report.Error(
                at,
                $"{usedAs} refers to the plugin '{name}', which is not declared",
                Suggestion.For(name, _plugins.Where(known => role == PluginRoles.None || known.Is(role)).Select(known => known.Name), "add it to 'plugins'"));
            return null;
        }

        if (role != PluginRoles.None && !plugin.Is(role))
        {
            report.Error(
                at,
                $"{usedAs} refers to '{name}' of type '{plugin.Type.Name}', which is a {RoleNames.Of(plugin.Type.Roles)} and no {RoleNames.Of(role)}",
                $"refer to a {RoleNames.Of(role)}");
            return null;
        }

        return plugin;
    }
}
