using System.Collections.Frozen;

namespace EndpointPicker.Core.Endpoints;

/// <summary>
/// What one scrape of a model server's metrics says, immutable. What a server does not tell is absent (<see langword="null"/>), never 0.
/// </summary>
public sealed record EndpointSignals
{
    /// <summary>The signals of an endpoint that was never scraped: everything absent.</summary>
    public static EndpointSignals None { get; } = new();

    /// <summary>Requests that wait in the model server's queue, summed over its engines.</summary>
    public int? WaitingRequests { get; init; }

    /// <summary>Requests that the model server is running, summed over its engines.</summary>
    public int? RunningRequests { get; init; }

    /// <summary>KV-cache use as a fraction, 0 to 1; the mean over its engines.</summary>
    public double? KvCacheUsage { get; init; }

    /// <summary>LoRA adapters with requests running.</summary>
    public IReadOnlyList<string> RunningAdapters
    {
        get;
        init
        {
            BusyAdapters += value.Count - field.Count;
            field = value;
        }
    } = [];

    /// <summary>LoRA adapters with requests waiting.</summary>
    public IReadOnlyList<string> WaitingAdapters
    {
        get;
        init
        {
            BusyAdapters += value.Count - field.Count;
            field = value;
        }
    } = [];

    /// <summary>How many adapters run or wait; counted once, because every pick asks every endpoint.</summary>
    internal int BusyAdapters { get; private init; }

    /// <summary>How many LoRA adapters fit at once; 0 where LoRA is off or unknown.</summary>
    public int MaxAdapters { get; init; }

    /// <summary>Tokens in one KV-cache block; 0 where unknown.</summary>
    public int CacheBlockSize { get; init; }

    /// <summary>KV-cache blocks of one engine; 0 where unknown.</summary>
    public int CacheBlocks { get; init; }

    /// <summary>Metrics that the configuration names, by attribute key.</summary>
    public FrozenDictionary<string, double> Custom { get; init; } = FrozenDictionary<string, double>.Empty;
}
