using System.Buffers.Text;

namespace EndpointPicker.DataLayer;

/// <summary>
/// Reads the gauge whose labels describe the KV cache. vLLM with several engines repeats it for each (label <c>engine</c>) and shows the
/// blocks of all engines together on each, so they are divided by the number of engines.
/// </summary>
/// <remarks>vLLM keeps one block of each engine back; it is in these numbers, as it is in the server's.</remarks>
internal sealed class CacheGauge
{
    private readonly HashSet<int> _engines = [];

    /// <summary>Tokens in one block; 0 where unknown.</summary>
    public int BlockSize { get; private set; }

    /// <summary>The blocks as the label shows them; 0 where unknown.</summary>
    public int TotalBlocks { get; private set; }

    /// <summary>Blocks of one engine; 0 where unknown.</summary>
    public int Blocks => _engines.Count > 1 ? TotalBlocks / _engines.Count : TotalBlocks;

    /// <summary>Starts a page.</summary>
    public void Begin()
    {
        BlockSize = 0;
        TotalBlocks = 0;
        _engines.Clear();
    }

    /// <summary>Adds a series of the gauge.</summary>
    public void Add(ReadOnlySpan<byte> labels, EngineMap map)
    {
        bool first = TotalBlocks == 0 && BlockSize == 0;
        LabelReader reader = new(labels);
        while (reader.MoveNext())
        {
            if (first && reader.Name.SequenceEqual(map.CacheBlockSizeLabel))
            {
                BlockSize = ReadCount(reader.Value);
            }
            else if (first && reader.Name.SequenceEqual(map.CacheBlocksLabel))
            {
                TotalBlocks = ReadCount(reader.Value);
            }
            else if (reader.Name.SequenceEqual("engine"u8))
            {
                HashCode hash = default;
                hash.AddBytes(reader.Value);
                _engines.Add(hash.ToHashCode());
            }
        }
    }

    // vLLM prints None for what it does not know.
    private static int ReadCount(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out int count, out int read) && read == text.Length && count > 0 ? count : 0;
}
