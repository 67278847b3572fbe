using System.Collections.Frozen;
using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.DataLayer;

/// <summary>
/// Collects one endpoint's signals while its page is read, and makes the snapshot: the same object again where nothing has changed, so that
/// a page without news allocates nothing. One instance for each endpoint; not thread-safe.
/// </summary>
/// <remarks>
/// Queues are summed over the engines behind the endpoint. KV-cache use is their mean: engines of one server have caches of one size, so the mean is the share
/// of all blocks that is in use, and the server itself spreads what it is sent over its engines.
/// </remarks>
internal sealed class SignalCollector(TimeProvider time)
{
    private readonly SeriesFold _waiting = new();
    private readonly SeriesFold _running = new();
    private readonly SeriesFold _kvUsage = new();
    private readonly CacheGauge _cache = new();
    private readonly LoraGauge _lora = new(time);
    private NewestSample _blockSize;
    private NewestSample _blocks;
    private NewestSample[] _custom = [];
    private bool[] _ignored = [];
    private EndpointSignals _last = EndpointSignals.None;

    /// <summary>The engine's map, for the page that <see cref="Begin"/> started.</summary>
    public EngineMap Map { get; private set; } = null!;

    /// <summary>Whether the server serves LoRA adapters, as far as its pages have shown.</summary>
    public bool ServesAdapters => _lora.Seen;

    /// <summary>Starts a page.</summary>
    public void Begin(EngineMap map)
    {
        if (map != Map)
        {
            Map = map;
            _custom = new NewestSample[map.CustomKeys.Length];
            _ignored = new bool[map.Families];
            _lora.Seen = false;
        }

        _waiting.Clear();
        _running.Clear();
        _kvUsage.Clear();
        _cache.Begin();
        _lora.Begin();
        _blockSize = default;
        _blocks = default;
        Array.Clear(_custom);
        Array.Clear(_ignored);
    }

    /// <summary>Notes the type of a wanted family.</summary>
    /// <param name="family">Which family.</param>
    /// <param name="single">Whether its samples are values by themselves, unlike those of histograms and summaries.</param>
    public void Declare(int family, bool single)
    {
        _ignored[family] = !single;
        foreach (SignalBinding binding in Map.Bindings(family))
        {
            _lora.Seen |= binding.Role == SignalRole.Lora;
        }
    }

    /// <summary>Adds a sample of a wanted family.</summary>
    public void Add(int family, in Sample sample)
    {
        if (_ignored[family])
        {
            return;
        }

        foreach (SignalBinding binding in Map.Bindings(family))
        {
            if (binding.Matches(sample.Labels))
            {
                Add(binding, sample);
            }
        }
    }

    /// <summary>Ends the page.</summary>
    /// <param name="missing">Whether a queue or cache gauge that the engine should have was not there.</param>
    /// <returns>The signals; <see langword="null"/> where the page has none at all.</returns>
    public EndpointSignals? Complete(out bool missing)
    {
        missing = (Map.Has(SignalRole.Waiting) && _waiting.Count == 0)
            || (Map.Has(SignalRole.Running) && _running.Count == 0)
            || (Map.Has(SignalRole.KvUsage) && _kvUsage.Count == 0);
        int? waiting = _waiting.Count == 0 ? null : ToCount(_waiting.Sum());
        int? running = _running.Count == 0 ? null : ToCount(_running.Sum());
        double? kvUsage = _kvUsage.Count == 0 ? null : Math.Clamp(_kvUsage.Sum() / _kvUsage.Count, 0, 1);
        int blockSize = _cache.BlockSize > 0 ? _cache.BlockSize : ToCount(_blockSize.Value);
        int blocks = _cache.TotalBlocks > 0 ? _cache.Blocks : ToCount(_blocks.Value);
        _lora.Complete(idle: waiting == 0 && running == 0);

        bool customFound = CustomFound();
        if (waiting is null && running is null && kvUsage is null && blockSize == 0 && blocks == 0 && _lora.MaxAdapters == 0 && !customFound)
        {
            return null;
        }

        EndpointSignals last = _last;
        if (last.WaitingRequests == waiting && last.RunningRequests == running && last.KvCacheUsage == kvUsage
            && last.CacheBlockSize == blockSize && last.CacheBlocks == blocks && last.MaxAdapters == _lora.MaxAdapters
            && ReferenceEquals(last.RunningAdapters, _lora.Running) && ReferenceEquals(last.WaitingAdapters, _lora.Waiting)
            && CustomUnchanged(last.Custom))
        {
            return last;
        }

        return _last = new EndpointSignals
        {
            WaitingRequests = waiting,
            RunningRequests = running,
            KvCacheUsage = kvUsage,
            RunningAdapters = _lora.Running,
            WaitingAdapters = _lora.Waiting,
            MaxAdapters = _lora.MaxAdapters,
            CacheBlockSize = blockSize,
            CacheBlocks = blocks,
            Custom = CustomUnchanged(last.Custom) ? last.Custom : MakeCustom(),
        };
    }

    private void Add(SignalBinding binding, in Sample sample)
    {
        switch (binding.Role)
        {
            case SignalRole.Waiting:
                _waiting.Add(sample);
                break;
            case SignalRole.Running:
                _running.Add(sample);
                break;
            case SignalRole.KvUsage:
                _kvUsage.Add(sample);
                break;
            case SignalRole.Lora:
                _lora.Add(sample);
                break;
            case SignalRole.CacheInfo:
                _cache.Add(sample.Labels, Map);
                break;
            case SignalRole.CacheBlockSize:
                _blockSize.Add(sample);
                break;
            case SignalRole.CacheBlocks:
                _blocks.Add(sample);
                break;
            case SignalRole.Custom:
                _custom[binding.Custom].Add(sample);
                break;
            default:
                throw new InvalidOperationException($"{binding.Role} has no reader.");
        }
    }

    private bool CustomFound()
    {
        foreach (NewestSample sample in _custom)
        {
            if (sample.Found)
            {
                return true;
            }
        }

        return false;
    }

    private bool CustomUnchanged(FrozenDictionary<string, double> before)
    {
        int found = 0;
        for (int i = 0; i < _custom.Length; i++)
        {
            if (_custom[i].Found)
            {
                found++;
                if (!before.TryGetValue(Map.CustomKeys[i], out double value) || value != _custom[i].Value)
                {
                    return false;
                }
            }
        }

        return found == before.Count;
    }

    private FrozenDictionary<string, double> MakeCustom()
    {
        Dictionary<string, double> values = new(StringComparer.Ordinal);
        for (int i = 0; i < _custom.Length; i++)
        {
            if (_custom[i].Found)
            {
                values[Map.CustomKeys[i]] = _custom[i].Value;
            }
        }

        return values.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static int ToCount(double value) => (int)Math.Clamp(value, 0, int.MaxValue);
}
