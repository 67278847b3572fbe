namespace EndpointPicker.Core.Scheduling;

/// <summary>How many leading blocks of the request's prompt each endpoint is believed to hold, by slot.</summary>
public sealed class PrefixMatches : PickFact
{
    private int[] _blocks = [];
    private int _slots;

    /// <summary>Blocks of the whole prompt; 0 where nothing is known.</summary>
    public int TotalBlocks { get; set; }

    /// <summary>Tokens in one block; 0 where nothing is known.</summary>
    public int BlockTokens { get; set; }

    /// <summary>Matched blocks by <see cref="Endpoints.Endpoint.Slot"/>.</summary>
    public Span<int> BlocksBySlot => _blocks.AsSpan(0, _slots);

    /// <inheritdoc/>
    protected internal override void Reset(int slots)
    {
        if (_blocks.Length < slots)
        {
            _blocks = new int[slots];
        }

        _slots = slots;
        BlocksBySlot.Clear();
        TotalBlocks = 0;
        BlockTokens = 0;
    }
}
