using System.Diagnostics.Metrics;

namespace EndpointPicker.Core.PrefixCache;

/// <summary>What a prefix index tells of itself: its size, and how much of each placed prompt was expected to be cached.</summary>
public sealed class PrefixMetrics
{
    private static readonly InstrumentAdvice<double> Ratios =
        new() { HistogramBucketBoundaries = [0, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1] };

    private static readonly InstrumentAdvice<long> Doublings =
        new() { HistogramBucketBoundaries = [0, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536] };

    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly Histogram<double> _ratio;
    private readonly Histogram<long> _bytes;

    /// <summary>Creates the instruments for one producer's index.</summary>
    /// <param name="factory">Where the meter comes from.</param>
    /// <param name="index">The index.</param>
    /// <param name="pluginType">The producer's type.</param>
    /// <param name="pluginName">The producer's name.</param>
    public PrefixMetrics(IMeterFactory factory, PrefixIndex index, string pluginType, string pluginName)
    {
        _tags = [new("plugin_name", pluginName), new("plugin_type", pluginType)];
        Meter meter = factory.Create("EndpointPicker");
        meter.CreateObservableGauge(
            "llm_d_epp_prefix_indexer_size", () => new Measurement<int>(index.Count, _tags), "", "Blocks in the prefix index, one for each block and endpoint.");
        _ratio = meter.CreateHistogram("llm_d_epp_prefix_indexer_hit_ratio", "", "Share of a prompt that its endpoint was expected to have cached.", null, Ratios);
        _bytes = meter.CreateHistogram("llm_d_epp_prefix_indexer_hit_bytes", "", "Bytes of a prompt that its endpoint was expected to have cached.", null, Doublings);
    }

    /// <summary>Counts a prompt that was placed.</summary>
    /// <param name="matchedBlocks">Blocks that the endpoint was expected to have.</param>
    /// <param name="totalBlocks">Blocks of the prompt; with 0 there is no ratio.</param>
    /// <param name="blockTokens">Tokens in one block, at four bytes each.</param>
    public void Placed(int matchedBlocks, int totalBlocks, int blockTokens)
    {
        _bytes.Record((long)matchedBlocks * blockTokens * PromptLaneHashes.TokenBytes, _tags);
        if (totalBlocks > 0)
        {
            // The index goes on while the request is decided, and a block that is being moved may count twice.
            _ratio.Record(Math.Min(1, (double)matchedBlocks / totalBlocks), _tags);
        }
    }
}
