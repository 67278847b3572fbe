namespace EndpointPicker.Core.Scheduling;

/// <summary>How many tokens of the request each endpoint would have to compute, by slot.</summary>
public sealed class UncachedTokens : PickFact
{
    private long[] _tokens = [];
    private int _slots;

    /// <summary>Tokens by <see cref="Endpoints.Endpoint.Slot"/>.</summary>
    public Span<long> BySlot => _tokens.AsSpan(0, _slots);

    /// <inheritdoc/>
    protected internal override void Reset(int slots)
    {
        if (_tokens.Length < slots)
        {
            _tokens = new long[slots];
        }

        _slots = slots;
        BySlot.Clear();
    }
}
