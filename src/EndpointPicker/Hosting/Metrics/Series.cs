namespace EndpointPicker.Hosting.Metrics;

/// <summary>The values of one instrument under one set of label values.</summary>
internal sealed class Series(string[] labels, int buckets)
{
    private readonly long[] _buckets = new long[buckets];
    private double _sum;
    private long _count;

    /// <summary>Label values, in the instrument's label order.</summary>
    public string[] Labels { get; } = labels;

    public long Count => Volatile.Read(ref _count);

    public double Sum => Volatile.Read(ref _sum);

    public ReadOnlySpan<long> Buckets => _buckets;

    public void Add(double value)
    {
        double seen = Volatile.Read(ref _sum);
        while (true)
        {
            double swapped = Interlocked.CompareExchange(ref _sum, seen + value, seen);
            if (swapped.Equals(seen))
            {
                return;
            }

            seen = swapped;
        }
    }

    public void Set(double value) => Volatile.Write(ref _sum, value);

    public void Observe(double value, ReadOnlySpan<double> bounds)
    {
        int bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
        {
            bucket++;
        }

        if (bucket < _buckets.Length)
        {
            Interlocked.Increment(ref _buckets[bucket]);
        }

        Interlocked.Increment(ref _count);
        Add(value);
    }
}
