namespace EndpointPicker.ExtProc;

/// <summary>Keeps the memory of ended streams for the next ones. The one that ended last serves next, while the cache still has it.</summary>
internal sealed class ExchangePool(Func<Exchange> create)
{
    // About 20 KB each. Streams last as long as responses do, so that few end between two that begin, however many are open; what a burst
    // leaves beyond these is collected.
    private const int MostKept = 512;

    // Protects the stack of kept exchanges.
    private readonly Lock _stack = new();
    private readonly Exchange?[] _kept = new Exchange?[MostKept];
    private int _count;

    public Exchange Rent()
    {
        lock (_stack)
        {
            if (_count > 0)
            {
                Exchange exchange = _kept[--_count]!;
                _kept[_count] = null;
                return exchange;
            }
        }

        return create();
    }

    /// <summary>Takes an exchange that has ended.</summary>
    public void Return(Exchange exchange)
    {
        exchange.Reset();
        lock (_stack)
        {
            if (_count < MostKept)
            {
                _kept[_count++] = exchange;
                return;
            }
        }

        exchange.Dispose();
    }

    /// <summary>Lets go of all that is kept.</summary>
    public void Clear()
    {
        Exchange?[] idle;
        lock (_stack)
        {
            idle = _kept[.._count];
            Array.Clear(_kept);
            _count = 0;
        }

        foreach (Exchange? exchange in idle)
        {
            exchange!.Dispose();
        }
    }
}
