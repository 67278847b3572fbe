namespace EndpointPicker.Configuration.DataLayer;

/// <summary>Where one kind of model server shows its signals. A <see langword="null"/> specification means that it has no such signal.</summary>
public sealed record EngineMetrics
{
    /// <summary>The engine's name: the value of the engine label.</summary>
    public required string Name { get; init; }

    /// <summary>Requests that wait.</summary>
    public MetricSpec? QueuedRequests { get; init; }

    /// <summary>Requests that run.</summary>
    public MetricSpec? RunningRequests { get; init; }

    /// <summary>KV-cache use, a fraction from 0 to 1.</summary>
    public MetricSpec? KvUsage { get; init; }

    /// <summary>The gauge whose labels name LoRA adapters (<c>running_lora_adapters</c>, <c>waiting_lora_adapters</c>, <c>max_lora</c>).</summary>
    public MetricSpec? Lora { get; init; }

    /// <summary>The gauge whose labels describe the KV cache.</summary>
    public MetricSpec? CacheInfo { get; init; }

    /// <summary>The label of <see cref="CacheInfo"/> with the tokens of one block.</summary>
    public string CacheBlockSizeLabel { get; init; } = "";

    /// <summary>The label of <see cref="CacheInfo"/> with the number of blocks.</summary>
    public string CacheBlocksLabel { get; init; } = "";

    /// <summary>A gauge with the tokens of one block.</summary>
    public MetricSpec? CacheBlockSize { get; init; }

    /// <summary>A gauge with the number of blocks.</summary>
    public MetricSpec? CacheBlocks { get; init; }

    /// <summary>Further metrics, by attribute key.</summary>
    public IReadOnlyList<CustomMetric> Custom { get; init; } = [];
}
