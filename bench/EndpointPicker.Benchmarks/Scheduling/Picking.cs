using BenchmarkDotNet.Attributes;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Benchmarks.Scheduling;

/// <summary>What does a pick cost, from candidates to the place taken and given back? The budget is 2 microseconds over 100 endpoints.</summary>
public class Picking
{
    private const int PromptBlocks = 128;

    private readonly InferenceRequest _request = new() { TargetModel = "sql-lora" };
    private readonly Reservation _reservation = new();
    private ScrapedPool _pool = null!;
    private Scheduler _bySignals = null!;
    private Scheduler _byPrefixToo = null!;
    private PickScratch _signalScratch = null!;
    private PickScratch _prefixScratch = null!;

    [Params(10, 100, 1000)]
    public int Endpoints { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _pool = new ScrapedPool(Endpoints);
        _bySignals = _pool.Schedule(byPrefix: false);
        _byPrefixToo = _pool.Schedule(byPrefix: true);
        _signalScratch = new PickScratch(_bySignals, new Random(3));
        _prefixScratch = new PickScratch(_byPrefixToo, new Random(3));
        Random random = new(9);
        _request.Prompt.BlockTokens = 16;
        foreach (ref ulong block in _request.Prompt.AddChain(PromptBlocks))
        {
            block = (ulong)random.NextInt64();
        }
    }

    [Benchmark(Baseline = true)]
    public int QueueKvLora() => Pick(_bySignals, _signalScratch);

    [Benchmark]
    public int QueueKvLoraPrefix() => Pick(_byPrefixToo, _prefixScratch);

    private int Pick(Scheduler scheduler, PickScratch scratch)
    {
        scratch.Begin(_pool.Pool.Current);
        _pool.Pool.Current.Endpoints.CopyTo(scratch.Candidates);
        scratch.CandidateCount = Endpoints;
        SchedulingContext context = new(_request, TimeProvider.System.GetTimestamp(), scratch.Random, scratch.Facts);
        ReadOnlySpan<Endpoint> picks = scheduler.Schedule(context, scratch, _reservation);
        scheduler.Commit(context, picks, _reservation);
        _reservation.Release();
        return picks[0].Slot;
    }
}
