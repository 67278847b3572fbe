using System.Buffers;
using System.Threading.Channels;
using ModelServerSimulator.Metrics;

namespace ModelServerSimulator.Engine;

/// <summary>
/// A continuous-batching engine in discrete steps: <see cref="BeginStep"/> forms a batch and says how long it takes, whoever drives the
/// engine lets that time pass, <see cref="CompleteStep"/> brings the tokens. Scheduling follows vLLM's: running sequences first, then waiting
/// ones in order of arrival while tokens, sequences, blocks and adapter slots last; without blocks the latest running sequence goes back.
/// </summary>
internal sealed partial class InferenceEngine
{
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly Channel<bool> _arrivals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    // Protects everything below: queues, blocks, slots and metrics. HTTP requests submit and abort while the loop steps.
    private readonly Lock _lock = new();
    private readonly BlockPool _blocks;
    private readonly LoraSlots _slots;
    private readonly BusyAdapters _busy = new();
    private readonly LinkedList<Sequence> _waiting = new();
    private readonly List<Sequence> _running = [];
    private readonly List<Sequence> _batch = [];
    private readonly EngineMetrics _metrics;

    public InferenceEngine(EngineOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _blocks = new BlockPool(options.NumGpuBlocks);
        _slots = new LoraSlots(options.MaxLoras);
        _metrics = new EngineMetrics(options.Model, options.Rank, UnixSeconds());
    }

    public EngineOptions Options => _options;

    public EngineLoad Load
    {
        get
        {
            lock (_lock)
            {
                return new EngineLoad(_metrics.Running, _metrics.WaitingForCapacity + _metrics.Deferred, _metrics.CacheUsage);
            }
        }
    }

    /// <summary>Queues a sequence; its tokens go to the channel it was made with.</summary>
    public void Submit(Sequence sequence)
    {
        lock (_lock)
        {
            sequence.Times.Arrived = _time.GetTimestamp();
            sequence.Keys = new PrefixKeys(_options.BlockSize, sequence.Request.Adapter, sequence.Request.CacheSalt);
            _waiting.AddLast(sequence);
        }

        _arrivals.Writer.TryWrite(true);
    }

    /// <summary>Drops a sequence whose client has left; without effect on a finished one.</summary>
    public void Abort(Sequence sequence)
    {
        lock (_lock)
        {
            if (sequence.Finish != FinishReason.None)
            {
                return;
            }

            sequence.Finish = FinishReason.Abort;
            if (!_waiting.Remove(sequence))
            {
                _running.Remove(sequence);
            }

            Release(sequence);
            PublishGauges();
        }
    }

    /// <summary>Completes when a sequence has been submitted since the last call.</summary>
    public async Task WaitForArrivalAsync(CancellationToken cancellationToken)
    {
        await _arrivals.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    public void WriteMetrics(IBufferWriter<byte> output)
    {
        lock (_lock)
        {
            MetricsPage.Write(_metrics, new CacheShape(_options.BlockSize, _options.NumGpuBlocks, _options.MaxLoras, _options.MaxModelLength), output);
        }
    }

    private void Release(Sequence sequence)
    {
        _blocks.Release(sequence.Blocks);
        if (sequence.Times.Scheduled != 0)
        {
            _busy.End(sequence.Request.Adapter);
        }
    }

    private void PublishGauges()
    {
        HashSet<string> running = RunningAdapters();
        int deferred = 0;
        foreach (Sequence sequence in _waiting)
        {
            if (sequence.Request.Adapter is { } adapter && !_slots.Admits(adapter, running))
            {
                deferred++;
            }
        }

        _metrics.Running = _running.Count;
        _metrics.Deferred = deferred;
        _metrics.WaitingForCapacity = _waiting.Count - deferred;
        _metrics.CacheUsage = _blocks.Usage;
    }

    private HashSet<string> RunningAdapters()
    {
        var adapters = new HashSet<string>(StringComparer.Ordinal);
        foreach (Sequence sequence in _running)
        {
            if (sequence.Request.Adapter is { } adapter)
            {
                adapters.Add(adapter);
            }
        }

        return adapters;
    }

    private double UnixSeconds() => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
}
