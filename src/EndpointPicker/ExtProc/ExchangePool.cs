using System.Collections.Concurrent;

namespace EndpointPicker.ExtProc;

/// <summary>Keeps the memory of ended streams for the next ones.</summary>
internal sealed class ExchangePool(Func<Exchange> create)
{
    // About 10 KB each; beyond this many at once streams are made and collected.
    private const int MostKept = 4096;

    private readonly ConcurrentQueue<Exchange> _kept = new();
    private int _count;

    public Exchange Rent()
    {
        if (_kept.TryDequeue(out Exchange? exchange))
        {
            Interlocked.Decrement(ref _count);
            return exchange;
        }

        return create();
    }

    /// <summary>Takes an exchange that has ended.</summary>
    public void Return(Exchange exchange)
    {
        exchange.Reset();
        if (Interlocked.Increment(ref _count) <= MostKept)
        {
            _kept.Enqueue(exchange);
            return;
        }

        Interlocked.Decrement(ref _count);
        exchange.Dispose();
    }
}
