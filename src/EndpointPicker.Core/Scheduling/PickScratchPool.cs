namespace EndpointPicker.Core.Scheduling;

/// <summary>Lends scratch memory to picks: a few shelves that are taken and filled by one atomic exchange each.</summary>
/// <param name="scheduler">The scheduler that the scratch is shaped for.</param>
/// <param name="random">Seeds the scratches' own sources of chance.</param>
internal sealed class PickScratchPool(Scheduler scheduler, Random random)
{
    private readonly PickScratch?[] _shelves = new PickScratch?[Math.Max(4, Environment.ProcessorCount * 2)];

    // Protects the seed source, which is shared.
    private readonly Lock _seeding = new();

    public PickScratch Rent()
    {
        int start = Thread.GetCurrentProcessorId();
        for (int i = 0; i < _shelves.Length; i++)
        {
            ref PickScratch? shelf = ref _shelves[(start + i) % _shelves.Length];
            if (Volatile.Read(ref shelf) is not null && Interlocked.Exchange(ref shelf, null) is { } scratch)
            {
                return scratch;
            }
        }

        lock (_seeding)
        {
            return new PickScratch(scheduler, new Random(random.Next()));
        }
    }

    public void Return(PickScratch scratch)
    {
        int start = Thread.GetCurrentProcessorId();
        for (int i = 0; i < _shelves.Length; i++)
        {
            ref PickScratch? shelf = ref _shelves[(start + i) % _shelves.Length];
            if (Volatile.Read(ref shelf) is null && Interlocked.CompareExchange(ref shelf, scratch, null) is null)
            {
                return;
            }
        }
    }
}
