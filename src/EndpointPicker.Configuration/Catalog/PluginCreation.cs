using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Catalog;

/// <summary>What a plugin is created from: its parameters, the process's services, and the producers whose data it reads.</summary>
internal sealed class PluginCreation(string name, FieldValues values, PluginServices services, IReadOnlyDictionary<DataKey, object> producers)
{
    public string Name { get; } = name;

    public FieldValues Values { get; } = values;

    public PluginServices Services { get; } = services;

    public T Producer<T>(DataKey key)
        where T : class => (T)producers[key];

    public T? OptionalProducer<T>(DataKey key)
        where T : class => producers.TryGetValue(key, out object? producer) ? (T)producer : null;
}
