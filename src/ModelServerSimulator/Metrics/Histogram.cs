namespace ModelServerSimulator.Metrics;

/// <summary>A Prometheus histogram with fixed upper bounds; the last bucket is infinite.</summary>
internal sealed class Histogram(string name, string help, double[] bounds)
{
    private readonly long[] _counts = new long[bounds.Length + 1];

    public string Name => name;

    public string Help => help;

    public ReadOnlySpan<double> Bounds => bounds;

    public long Count { get; private set; }

    public double Sum { get; private set; }

    public void Observe(double value)
    {
        int bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
        {
            bucket++;
        }

        _counts[bucket]++;
        Count++;
        Sum += value;
    }

    /// <summary>Observations at or below bound <paramref name="index"/>.</summary>
    public long Cumulative(int index)
    {
        long sum = 0;
        for (int i = 0; i <= index; i++)
        {
            sum += _counts[i];
        }

        return sum;
    }
}
