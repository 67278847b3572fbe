namespace EndpointPicker.DataLayer;

/// <summary>
/// Folds the series of one signal, one for each engine behind the endpoint, into a sum or a mean. Where series have timestamps, only those with the
/// highest count, as the reference has it. Workers of one engine (tensor, pipeline and expert ranks) tell the same requests again: series
/// that differ in nothing but those labels count once, with the highest value.
/// </summary>
internal sealed class SeriesFold
{
    // Beyond this many engines a repeated one is no longer noticed: the search is linear, and pages are not trusted to be small.
    private const int Remembered = 256;

    private readonly List<(int Identity, double Value)> _series = [];
    private double _newest;
    private double _beyond;
    private int _beyondCount;

    /// <summary>How many engines have told a value.</summary>
    public int Count => _series.Count + _beyondCount;

    /// <summary>Forgets all series.</summary>
    public void Clear()
    {
        _series.Clear();
        _newest = double.NegativeInfinity;
        _beyond = 0;
        _beyondCount = 0;
    }

    /// <summary>Adds a series; NaN and the infinities are no values.</summary>
    public void Add(in Sample sample)
    {
        if (!double.IsFinite(sample.Value) || sample.Timestamp < _newest)
        {
            return;
        }

        if (sample.Timestamp > _newest)
        {
            Clear();
            _newest = sample.Timestamp;
        }

        int identity = Identity(sample.Labels);
        for (int i = 0; i < _series.Count; i++)
        {
            if (_series[i].Identity == identity)
            {
                _series[i] = (identity, Math.Max(_series[i].Value, sample.Value));
                return;
            }
        }

        if (_series.Count < Remembered)
        {
            _series.Add((identity, sample.Value));
        }
        else
        {
            _beyond += sample.Value;
            _beyondCount++;
        }
    }

    /// <summary>The sum over the engines.</summary>
    public double Sum()
    {
        double sum = _beyond;
        foreach ((_, double value) in _series)
        {
            sum += value;
        }

        return sum;
    }

    // The order of labels does not matter, so their hashes are added up.
    private static int Identity(ReadOnlySpan<byte> labels)
    {
        int identity = 0;
        LabelReader reader = new(labels);
        while (reader.MoveNext())
        {
            if (!IsWorkerRank(reader.Name))
            {
                HashCode hash = default;
                hash.AddBytes(reader.Name);
                hash.Add('=');
                hash.AddBytes(reader.Value);
                identity += hash.ToHashCode();
            }
        }

        return identity;
    }

    private static bool IsWorkerRank(ReadOnlySpan<byte> label) =>
        label.EndsWith("_rank"u8) && (label.SequenceEqual("tp_rank"u8) || label.SequenceEqual("pp_rank"u8) || label.SequenceEqual("moe_ep_rank"u8));
}
