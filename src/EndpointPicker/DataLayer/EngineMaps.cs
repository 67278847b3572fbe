using EndpointPicker.Configuration.DataLayer;

namespace EndpointPicker.DataLayer;

/// <summary>Finds the engine map of an endpoint by its labels; what is not labelled, or with an unknown name, has the default engine's.</summary>
internal sealed class EngineMaps
{
    private readonly Dictionary<string, EngineMap> _engines = new(StringComparer.Ordinal);
    private readonly EngineMap _default;
    private readonly string _labelKey;

    public EngineMaps(EngineMetricsOptions options)
    {
        foreach (EngineMetrics engine in options.Engines)
        {
            _engines[engine.Name] = new EngineMap(engine);
        }

        _labelKey = options.EngineLabelKey;
        _default = _engines.TryGetValue(options.DefaultEngine, out EngineMap? map)
            ? map
            : throw new ArgumentException($"The default engine '{options.DefaultEngine}' is not among the engines.", nameof(options));
    }

    /// <summary>The map of an endpoint with these labels.</summary>
    public EngineMap Select(IReadOnlyDictionary<string, string> labels)
    {
        if (!labels.TryGetValue(_labelKey, out string? name)
            && (_labelKey != EngineMetricsOptions.DefaultEngineLabelKey || !labels.TryGetValue(EngineMetricsOptions.LegacyEngineLabelKey, out name)))
        {
            return _default;
        }

        return _engines.GetValueOrDefault(name, _default);
    }
}
