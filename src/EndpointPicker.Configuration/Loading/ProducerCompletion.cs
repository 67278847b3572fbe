using EndpointPicker.Configuration.Catalog;

namespace EndpointPicker.Configuration.Loading;

/// <summary>Adds the producers that plugins need and nobody declared, and orders all plugins so that producers come before their readers.</summary>
internal sealed class ProducerCompletion(PluginSet plugins, DiagnosticReport report)
{
    private readonly Dictionary<PluginDefinition, Dictionary<DataKey, PluginDefinition>> _producers = [];

    /// <summary>Which plugin makes what a plugin reads, for every plugin that reads data.</summary>
    public IReadOnlyDictionary<PluginDefinition, Dictionary<DataKey, PluginDefinition>> Producers => _producers;

    public IReadOnlyList<PluginDefinition> Complete()
    {
        // The list grows while it is walked: an added producer has needs of its own.
        for (int i = 0; i < plugins.All.Count; i++)
        {
            PluginDefinition plugin = plugins.All[i];
            foreach (DataNeed need in plugin.Type.Needs(plugin.Values))
            {
                if (!need.Optional)
                {
                    Bind(plugin, need);
                }
            }
        }

        foreach (PluginDefinition plugin in plugins.All)
        {
            foreach (DataNeed need in plugin.Type.Needs(plugin.Values))
            {
                if (need.Optional && (need.Producer.Length > 0 || plugins.Declares(need.ProducerName)))
                {
                    Bind(plugin, need);
                }
            }
        }

        List<PluginDefinition> ordered = [];
        Dictionary<PluginDefinition, bool> visited = [];
        foreach (PluginDefinition plugin in plugins.All)
        {
            Visit(plugin, ordered, visited, []);
        }

        return ordered;
    }

    private void Bind(PluginDefinition reader, DataNeed need)
    {
        PluginDefinition? producer = need.ProducerName == need.Key.DefaultProducer
            ? plugins.FindOrInject(need.ProducerName)
            : plugins.Resolve(need.ProducerName, need.At, PluginRoles.DataProducer, $"'{reader.Name}'");
        if (producer is null)
        {
            return;
        }

        if (!producer.Type.Produces.Contains(need.Key))
        {
            report.Error(
                need.At,
                $"'{reader.Name}' reads {need.Key.Name} from '{producer.Name}', which does not produce it",
                $"refer to a producer of {need.Key.Name}, such as one of type '{need.Key.DefaultProducer}'");
            return;
        }

        if (!_producers.TryGetValue(reader, out Dictionary<DataKey, PluginDefinition>? bound))
        {
            _producers[reader] = bound = [];
        }

        bound[need.Key] = producer;
    }

    private void Visit(PluginDefinition plugin, List<PluginDefinition> ordered, Dictionary<PluginDefinition, bool> visited, List<string> path)
    {
        path.Add(plugin.Name);
        if (visited.TryGetValue(plugin, out bool done))
        {
            if (!done)
            {
                string cycle = string.Join(" -> ", path.SkipWhile(name => name != plugin.Name));
                report.Error(plugin.Values.Position, $"plugins need each other in a circle: {cycle}", "let one of them name another producer");
            }

            path.RemoveAt(path.Count - 1);
            return;
        }

        visited[plugin] = false;
        if (_producers.TryGetValue(plugin, out Dictionary<DataKey, PluginDefinition>? needs))
        {
            foreach (PluginDefinition producer in needs.Values)
            {
                Visit(producer, ordered, visited, path);
            }
        }

        visited[plugin] = true;
        ordered.Add(plugin);
        path.RemoveAt(path.Count - 1);
    }
}
