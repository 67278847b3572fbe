namespace ModelServerSimulator.Engine;

/// <summary>
/// The KV blocks: reference counts, and a list of unused blocks from least to most recently freed. An unused block keeps its
/// content's key, so it can be revived by a prefix hit until it is handed out again.
/// </summary>
internal sealed class BlockPool
{
    private const int None = -1;

    private readonly int[] _references;
    private readonly ulong[] _keys;
    private readonly int[] _previous;
    private readonly int[] _next;
    private readonly Dictionary<ulong, int> _byKey = [];
    private int _oldest = None;
    private int _newest = None;

    public BlockPool(int numGpuBlocks)
    {
        Usable = numGpuBlocks - 1;
        _references = new int[Usable];
        _keys = new ulong[Usable];
        _previous = new int[Usable];
        _next = new int[Usable];
        for (int block = 0; block < Usable; block++)
        {
            Append(block);
        }

        Free = Usable;
    }

    public int Usable { get; }

    public int Free { get; private set; }

    public double Usage => Usable == 0 ? 0 : 1.0 - ((double)Free / Usable);

    /// <summary>The block that holds the content of <paramref name="key"/>, or -1.</summary>
    public int Find(ulong key) => _byKey.TryGetValue(key, out int block) ? block : None;

    public bool IsUnused(int block) => _references[block] == 0;

    public void Share(int block)
    {
        if (_references[block]++ == 0)
        {
            Unlink(block);
            Free--;
        }
    }

    /// <summary>Hands out the least recently freed block and forgets what it held; the caller checks <see cref="Free"/>.</summary>
    public int Take()
    {
        int block = _oldest;
        if (_keys[block] != 0)
        {
            _byKey.Remove(_keys[block]);
            _keys[block] = 0;
        }

        Share(block);
        return block;
    }

    /// <summary>Remembers what a full block holds; of two blocks with the same content the first stays the one to be found.</summary>
    public void Label(int block, ulong key)
    {
        if (_keys[block] == 0 && _byKey.TryAdd(key, block))
        {
            _keys[block] = key;
        }
    }

    /// <summary>Gives a sequence's blocks back, its last one first, so that the ends of prefixes are forgotten before their beginnings.</summary>
    public void Release(List<int> blocks)
    {
        for (int i = blocks.Count - 1; i >= 0; i--)
        {
            int block = blocks[i];
            if (--_references[block] == 0)
            {
                Append(block);
                Free++;
            }
        }

        blocks.Clear();
    }

    private void Append(int block)
    {
        _previous[block] = _newest;
        _next[block] = None;
        if (_newest == None)
        {
            _oldest = block;
        }
        else
        {
            _next[_newest] = block;
        }

        _newest = block;
    }

    private void Unlink(int block)
    {
        if (_previous[block] == None)
        {
            _oldest = _next[block];
        }
        else
        {
            _next[_previous[block]] = _next[block];
        }

        if (_next[block] == None)
        {
            _newest = _previous[block];
        }
        else
        {
            _previous[_next[block]] = _previous[block];
        }
    }
}
