using EndpointPicker.Grpc;

namespace EndpointPicker.ExtProc;

/// <summary>Keeps the memory of ended streams for the next ones.</summary>
internal sealed class ExchangePool(Func<Exchange> create)
{
    // About 20 KB each. Streams last as long as responses do, so that few end between two that begin, however many are open; what a burst
    // leaves beyond these is collected.
    private const int MostKept = 512;

    private readonly IdleStack<Exchange> _idle = new(MostKept);

    public Exchange Rent() => _idle.TryTake(out Exchange? exchange) ? exchange : create();

    /// <summary>Takes an exchange that has ended.</summary>
    public void Return(Exchange exchange)
    {
        exchange.Reset();
        if (!_idle.TryKeep(exchange))
        {
            exchange.Dispose();
        }
    }

    /// <summary>Lets go of all that is kept.</summary>
    public void Clear()
    {
        while (_idle.TryTake(out Exchange? exchange))
        {
            exchange.Dispose();
        }
    }
}
