using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.PrefixCache;

/// <summary>
/// Which endpoints hold which prompt blocks, as far as this picker's own picks tell. Look-ups never wait: they read a table of plain words
/// (see <see cref="BlockTable"/>) that one writer at a time changes beneath them, and may miss what is being written. What an endpoint
/// holds is bounded and forgotten by age (see <see cref="Holder"/>).
/// </summary>
public sealed partial class PrefixIndex
{
    private readonly PrefixIndexOptions _options;
    private readonly HolderGenerations _generations = new();
    private volatile BlockTable _table;

    /// <summary>Makes an empty index.</summary>
    /// <param name="options">How much it remembers.</param>
    public PrefixIndex(PrefixIndexOptions options)
        : this(options, initialLines: 1024)
    {
    }

    internal PrefixIndex(PrefixIndexOptions options, int initialLines)
    {
        _options = options;
        _table = new BlockTable(initialLines, _generations);
    }

    /// <summary>Blocks held, one for each block and endpoint.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Memory of the index in bytes.</summary>
    public long Bytes => _table.Bytes + HolderGenerations.Bytes + ((long)Volatile.Read(ref _holders) * Holder.Bytes);

    /// <summary>
    /// Counts, for each endpoint, how many blocks of a chain it holds. The count stops at the first block that nobody holds; an endpoint
    /// that misses an earlier block still counts a later one.
    /// </summary>
    /// <param name="chain">Chained block hashes from the first block on.</param>
    /// <param name="matchedBySlot">Counts by <see cref="Endpoint.Slot"/>, added to; higher slots are left out.</param>
    public void Match(ReadOnlySpan<ulong> chain, Span<int> matchedBySlot) => _table.Match(chain, matchedBySlot);
}
