using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;

namespace EndpointPicker.Hosting.Metrics;

/// <summary>
/// All series of one instrument. Recording takes no lock once a series exists: readers probe an immutable table, and one writer at a time
/// swaps in a larger one.
/// </summary>
internal sealed class Family
{
    // Protects the making of new series and of new tables.
    private readonly Lock _writer = new();
    private readonly double[] _bounds;
    private volatile string[]? _labelNames;
    private volatile Series?[] _table = new Series?[16];
    private int _count;

    public Family(Instrument instrument, FamilyKind kind)
    {
        Instrument = instrument;
        Kind = kind;
        _bounds = kind == FamilyKind.Histogram ? Bounds(instrument) : [];
    }

    public Instrument Instrument { get; }

    public string Name => Instrument.Name;

    public FamilyKind Kind { get; }

    /// <summary>Upper bounds of the histogram's buckets, without infinity.</summary>
    public ReadOnlySpan<double> UpperBounds => _bounds;

    public string[] LabelNames => _labelNames ?? [];

    /// <summary>The series, in no order.</summary>
    public IEnumerable<Series> Series => _table.OfType<Series>();

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Series series = Find(tags);
        switch (Kind)
        {
            case FamilyKind.Histogram:
                series.Observe(value, _bounds);
                break;
            case FamilyKind.Gauge:
                series.Set(value);
                break;
            default:
                series.Add(value);
                break;
        }
    }

    /// <summary>Forgets all series; observable gauges are read anew at each collection.</summary>
    public void Clear()
    {
        lock (_writer)
        {
            _table = new Series?[16];
            _count = 0;
        }
    }

    private static double[] Bounds(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10],
    };

    private Series Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        int hash = Hash(tags);
        return Probe(_table, hash, tags) ?? Create(hash, tags);
    }

    private static Series? Probe(Series?[] table, int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        int mask = table.Length - 1;
        for (int i = hash & mask; ; i = (i + 1) & mask)
        {
            Series? series = Volatile.Read(ref table[i]);
            if (series is null || Matches(series, tags))
            {
                return series;
            }
        }
    }

    private Series Create(int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_writer)
        {
            if (Probe(_table, hash, tags) is { } present)
            {
                return present;
            }

            string[] values = new string[tags.Length];
            for (int i = 0; i < tags.Length; i++)
            {
                values[i] = tags[i].Value as string ?? "";
            }

            _labelNames ??= Names(tags);
            Series made = new(values, Kind == FamilyKind.Histogram ? _bounds.Length + 1 : 0);
            if ((_count + 1) * 2 > _table.Length)
            {
                Series?[] larger = new Series?[_table.Length * 2];
                foreach (Series? series in _table)
                {
                    if (series is not null)
                    {
                        Insert(larger, Hash(series.Labels), series);
                    }
                }

                _table = larger;
            }

            Insert(_table, hash, made);
            _count++;
            return made;
        }
    }

    private static void Insert(Series?[] table, int hash, Series series)
    {
        int mask = table.Length - 1;
        int i = hash & mask;
        while (table[i] is not null)
        {
            i = (i + 1) & mask;
        }

        Volatile.Write(ref table[i], series);
    }

    private static string[] Names(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string[] names = new string[tags.Length];
        for (int i = 0; i < tags.Length; i++)
        {
            names[i] = tags[i].Key;
        }

        return names;
    }

    private static bool Matches(Series series, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (series.Labels.Length != tags.Length)
        {
            return false;
        }

        for (int i = 0; i < tags.Length; i++)
        {
            if (!string.Equals(series.Labels[i], tags[i].Value as string ?? "", StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static int Hash(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        int hash = 17;
        for (int i = 0; i < tags.Length; i++)
        {
            hash = Fold(hash, tags[i].Value as string ?? "");
        }

        return hash;
    }

    private static int Hash(string[] values)
    {
        int hash = 17;
        foreach (string value in values)
        {
            hash = Fold(hash, value);
        }

        return hash;
    }

    // Length and the outer bytes tell label values apart well enough, and cost the same for any length.
    private static int Fold(int hash, string value)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(value.AsSpan());
        int edge = bytes.Length >= 8
            ? (int)(MemoryMarshal.Read<uint>(bytes) ^ System.Numerics.BitOperations.RotateLeft(MemoryMarshal.Read<uint>(bytes[^4..]), 13))
            : bytes.Length == 0 ? 0 : bytes[0] | (bytes[^2] << 16);
        hash = unchecked((hash * 31) + edge + (bytes.Length * 7919));
        return hash ^ (hash >>> 15);
    }
}
