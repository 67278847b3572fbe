namespace EndpointPicker.Core.Requests;

/// <summary>
/// The prompt of one request as chained block hashes: two prompts share their first <c>n</c> hashes exactly when they share their first
/// <c>n</c> blocks, model and salt. A request with several prompts has one chain each.
/// </summary>
public sealed class PromptBlocks
{
    private ulong[] _hashes = new ulong[64];
    private int[] _ends = new int[4];

    /// <summary>Tokens in one block; 0 where the prompt was not hashed.</summary>
    public int BlockTokens { get; set; }

    /// <summary>Estimated tokens of all prompts together.</summary>
    public long Tokens { get; set; }

    /// <summary>Blocks of all chains together.</summary>
    public int Count { get; private set; }

    /// <summary>How many chains there are.</summary>
    public int Chains { get; private set; }

    /// <summary>The hashes of one chain.</summary>
    /// <param name="index">From 0 to <see cref="Chains"/> - 1.</param>
    /// <returns>The hashes from the first block on; valid until the request is reset.</returns>
    public ReadOnlySpan<ulong> Chain(int index)
    {
        int start = index == 0 ? 0 : _ends[index - 1];
        return _hashes.AsSpan(start, _ends[index] - start);
    }

    /// <summary>Room for the hashes of one more chain.</summary>
    /// <param name="blocks">How many hashes it has.</param>
    /// <returns>The place to write them.</returns>
    public Span<ulong> AddChain(int blocks)
    {
        if (Count + blocks > _hashes.Length)
        {
            Array.Resize(ref _hashes, Math.Max(Count + blocks, _hashes.Length * 2));
        }

        if (Chains == _ends.Length)
        {
            Array.Resize(ref _ends, Chains * 2);
        }

        Span<ulong> room = _hashes.AsSpan(Count, blocks);
        Count += blocks;
        _ends[Chains++] = Count;
        return room;
    }

    /// <summary>Forgets all chains and keeps the memory, unless one request made it unusually large.</summary>
    public void Clear()
    {
        BlockTokens = 0;
        Tokens = 0;
        Count = 0;
        Chains = 0;
        if (_hashes.Length > 8192)
        {
            _hashes = new ulong[64];
        }
    }
}
