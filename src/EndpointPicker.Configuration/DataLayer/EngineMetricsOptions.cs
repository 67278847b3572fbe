namespace EndpointPicker.Configuration.DataLayer;

/// <summary>How an endpoint's engine is known, and what each engine's metrics are called (<c>core-metrics-extractor</c>).</summary>
public sealed record EngineMetricsOptions
{
    /// <summary>The label that names the engine when the configuration does not.</summary>
    public const string DefaultEngineLabelKey = "llm-d.ai/engine-type";

    /// <summary>The older label, read only where <see cref="EngineLabelKey"/> is the default and the endpoint lacks it.</summary>
    public const string LegacyEngineLabelKey = "inference.networking.k8s.io/engine-type";

    /// <summary>The endpoint label that names the engine.</summary>
    /// <value>The default is <c>llm-d.ai/engine-type</c>.</value>
    public string EngineLabelKey { get; init; } = DefaultEngineLabelKey;

    /// <summary>The engine of endpoints without the label or with a value that <see cref="Engines"/> lacks.</summary>
    /// <value>The default is <c>vllm</c>.</value>
    public string DefaultEngine { get; init; } = "vllm";

    /// <summary>All engines: the built-in ones and those of the configuration, which replace built-in ones of their name.</summary>
    public IReadOnlyList<EngineMetrics> Engines { get; init; } = BuiltInEngines.All;
}
