namespace EndpointPicker.DataLayer;

/// <summary>What a metric says about an endpoint.</summary>
internal enum SignalRole
{
    /// <summary>Requests that wait.</summary>
    Waiting,

    /// <summary>Requests that run.</summary>
    Running,

    /// <summary>KV-cache use.</summary>
    KvUsage,

    /// <summary>The gauge whose labels name adapters.</summary>
    Lora,

    /// <summary>The gauge whose labels describe the KV cache.</summary>
    CacheInfo,

    /// <summary>Tokens in a KV-cache block.</summary>
    CacheBlockSize,

    /// <summary>KV-cache blocks.</summary>
    CacheBlocks,

    /// <summary>A metric that the configuration names.</summary>
    Custom,
}
