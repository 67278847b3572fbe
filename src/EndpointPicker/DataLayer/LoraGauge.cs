using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace EndpointPicker.DataLayer;

/// <summary>
/// Reads vLLM's LoRA gauge: one series for each pair of name lists ever seen, whose value is the time at which the pair was last current.
/// From one server process the highest value is the current pair. Several processes are summed, so a pair that two of them have set shows
/// twice the time and would stay the highest for ever.
/// </summary>
/// <remarks>
/// How many processes stand behind a value is told by the clock: the value divided by the time now, rounded. The pair with the highest mean
/// time counts at first. On a page with sums what moves between two pages counts from then on: a pair whose value has changed was current
/// since the page before. Pairs that moved within <see cref="Together"/> of the last move are taken together, because each process has a
/// current pair of its own and steps at its own pace. An idle server moves nothing; there the queue gauges say that nothing is at work.
/// </remarks>
internal sealed class LoraGauge(TimeProvider time)
{
    // A quotient beyond this is no number of processes but a value in another unit.
    private const int MaxProcesses = 512;
    private const int MaxPairs = 16 * 1024;
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(500);

    private readonly AdapterNames _names = new();
    private readonly List<string> _list = [];
    private readonly Dictionary<int, double> _values = [];
    private readonly AdapterActivity _activeRunning = new();
    private readonly AdapterActivity _activeWaiting = new();
    private PublishedNames _running = new();
    private PublishedNames _waiting = new();
    private byte[] _best = new byte[256];
    private int _bestLength;
    private double _bestTime;
    private double _unixNow;
    private long _lastMove;
    private Stage _stage;
    private bool _summed;

    private enum Stage
    {
        /// <summary>No sums: the highest value counts.</summary>
        Plain,

        /// <summary>A page with sums was seen; the next one is what later ones are compared with.</summary>
        Baseline,

        /// <summary>What moves counts.</summary>
        Tracking,
    }

    /// <summary>Whether the server has shown the gauge, be it without samples.</summary>
    public bool Seen { get; set; }

    /// <summary>Adapters with requests running.</summary>
    public string[] Running => _running.Current;

    /// <summary>Adapters with requests waiting, as the server understands it.</summary>
    public string[] Waiting => _waiting.Current;

    /// <summary>How many adapters fit at once; 0 where unknown.</summary>
    public int MaxAdapters { get; private set; }

    /// <summary>Starts a page.</summary>
    public void Begin()
    {
        _unixNow = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        _bestLength = -1;
        _bestTime = double.NegativeInfinity;
        _summed = false;
    }

    /// <summary>Adds a series of the gauge.</summary>
    public void Add(in Sample sample)
    {
        Seen = true;
        if (!double.IsFinite(sample.Value))
        {
            return;
        }

        int processes = Processes(sample.Value);
        _summed |= processes > 1;
        double mean = sample.Value / processes;
        if (mean > _bestTime)
        {
            _bestTime = mean;
            Keep(sample.Labels);
        }

        if (_stage != Stage.Plain && HasMoved(sample) && _stage == Stage.Tracking)
        {
            Touch(sample.Labels);
        }
    }

    /// <summary>Ends a page.</summary>
    /// <param name="idle">Whether the page says that no request runs or waits.</param>
    public void Complete(bool idle)
    {
        ReadOnlySpan<byte> best = _best.AsSpan(0, Math.Max(0, _bestLength));
        if (_bestLength >= 0)
        {
            MaxAdapters = ReadSlots(best);
        }

        Stage stage = _stage;
        _stage = !_summed ? Stage.Plain : stage == Stage.Plain ? Stage.Baseline : Stage.Tracking;
        if (_stage == Stage.Plain)
        {
            _values.Clear();
        }

        if (_summed && idle)
        {
            _activeRunning.Clear();
            _activeWaiting.Clear();
        }
        else if (stage != Stage.Tracking || !_summed)
        {
            _activeRunning.Clear();
            _activeWaiting.Clear();
            Touch(best);
        }

        long since = _lastMove - (long)(Together.TotalSeconds * time.TimestampFrequency);
        _activeRunning.Since(since, _list);
        _running.Set(_list);
        _activeWaiting.Since(since, _list);
        _waiting.Set(_list);
    }

    private int Processes(double value)
    {
        // A clock that is years off would make sums of plain values.
        double quotient = _unixNow > 1e9 ? Math.Round(value / _unixNow) : 1;
        return quotient is > 1 and <= MaxProcesses ? (int)quotient : 1;
    }

    private void Keep(ReadOnlySpan<byte> labels)
    {
        if (_best.Length < labels.Length)
        {
            _best = new byte[labels.Length];
        }

        labels.CopyTo(_best);
        _bestLength = labels.Length;
    }

    private bool HasMoved(in Sample sample)
    {
        HashCode hash = default;
        hash.AddBytes(sample.Labels);
        int pair = hash.ToHashCode();
        if (_values.Count >= MaxPairs && !_values.ContainsKey(pair))
        {
            return false;
        }

        ref double value = ref CollectionsMarshal.GetValueRefOrAddDefault(_values, pair, out _);
        bool moved = value != sample.Value;
        value = sample.Value;
        return moved;
    }

    private void Touch(ReadOnlySpan<byte> labels)
    {
        _lastMove = time.GetTimestamp();
        ReadNames(labels, "running_lora_adapters"u8);
        _activeRunning.Touch(_list, _lastMove);
        ReadNames(labels, "waiting_lora_adapters"u8);
        _activeWaiting.Touch(_list, _lastMove);
    }

    private void ReadNames(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> name)
    {
        _list.Clear();
        LabelReader reader = new(labels);
        while (reader.MoveNext())
        {
            if (reader.Name.SequenceEqual(name))
            {
                _names.Read(reader, _list);
                return;
            }
        }
    }

    private static int ReadSlots(ReadOnlySpan<byte> labels)
    {
        LabelReader reader = new(labels);
        while (reader.MoveNext())
        {
            if (reader.Name.SequenceEqual("max_lora"u8))
            {
                return Utf8Parser.TryParse(reader.Value, out int slots, out int read) && read == reader.Value.Length ? Math.Max(0, slots) : 0;
            }
        }

        return 0;
    }
}
