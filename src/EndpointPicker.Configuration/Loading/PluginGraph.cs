using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Configuration.Loading;

/// <summary>All plugins of a configuration, checked, in an order in which each can be created from those before it.</summary>
internal sealed class PluginGraph(
    IReadOnlyList<PluginDefinition> ordered,
    IReadOnlyDictionary<PluginDefinition, Dictionary<DataKey, PluginDefinition>> producers,
    IReadOnlyList<ProfileDefinition> profiles,
    PluginDefinition handler)
{
    public IReadOnlyList<(string Type, string Name)> Plugins { get; } = [.. ordered.Select(plugin => (plugin.Type.Name, plugin.Name))];

    public CreatedPlugins Create(PluginServices services, string saturationDetector)
    {
        Dictionary<PluginDefinition, object> created = [];
        List<Named<IDataProducer>> dataProducers = [];
        foreach (PluginDefinition plugin in ordered)
        {
            if (plugin.Type is not EnginePluginType type)
            {
                continue;
            }

            object instance = type.Create(new PluginCreation(plugin.Name, plugin.Values, services, ProducersOf(plugin, created)));
            created.Add(plugin, instance);
            if (instance is IDataProducer producer)
            {
                dataProducers.Add(new Named<IDataProducer>(type.Name, plugin.Name, producer));
            }
        }

        PluginDefinition detector = ordered.First(plugin => plugin.Name == saturationDetector);
        return new CreatedPlugins(
            (IProfileHandler)created[handler],
            [.. profiles.Select(profile => Profile(profile, created))],
            dataProducers,
            (ISaturationDetector)created[detector]);
    }

    private Dictionary<DataKey, object> ProducersOf(PluginDefinition plugin, Dictionary<PluginDefinition, object> created)
    {
        Dictionary<DataKey, object> found = [];
        if (producers.TryGetValue(plugin, out Dictionary<DataKey, PluginDefinition>? bound))
        {
            foreach ((DataKey key, PluginDefinition producer) in bound)
            {
                if (created.TryGetValue(producer, out object? instance))
                {
                    found[key] = instance;
                }
            }
        }

        return found;
    }

    private static SchedulingProfile Profile(ProfileDefinition profile, Dictionary<PluginDefinition, object> created)
    {
        List<Named<IFilter>> filters = [];
        List<WeightedScorer> scorers = [];
        Named<IPicker>? picker = null;
        foreach ((PluginDefinition plugin, double weight) in profile.Plugins)
        {
            object instance = created[plugin];
            if (instance is IFilter filter)
            {
                filters.Add(new Named<IFilter>(plugin.Type.Name, plugin.Name, filter));
            }

            if (instance is IScorer scorer)
            {
                scorers.Add(new WeightedScorer(new Named<IScorer>(plugin.Type.Name, plugin.Name, scorer), weight));
            }

            if (instance is IPicker found)
            {
                picker = new Named<IPicker>(plugin.Type.Name, plugin.Name, found);
            }
        }

        return new SchedulingProfile(profile.Name, filters, scorers, picker!);
    }
}
