using BenchmarkDotNet.Attributes;
using EndpointPicker.Benchmarks.Scheduling;
using EndpointPicker.Core.RequestControl;
using Microsoft.Extensions.Logging.Abstractions;

namespace EndpointPicker.Benchmarks.RequestControl;

/// <summary>
/// What does the record of a decision cost, where every one is recorded? A whole request of 1 KB is led from its headers to its end, without
/// the stream that carries it. The budget is 5 % of a stream, which is some 30 microseconds.
/// </summary>
public class DecisionRecording
{
    // As many as the process keeps, so that the records do not stay in the nearest cache.
    private const int Kept = 256;

    private readonly WholeRequest _request = new();
    private RequestDirector _silent = null!;
    private RequestDirector _recording = null!;

    [Params(10, 100, 1000)]
    public int Endpoints { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _silent = Direct(records: false);
        _recording = Direct(records: true);
    }

    [Benchmark(Baseline = true)]
    public int Off() => _request.Lead(_silent);

    [Benchmark]
    public int EveryDecision() => _request.Lead(_recording);

    private RequestDirector Direct(bool records)
    {
        ScrapedPool pool = new(Endpoints);
        DecisionPolicy policy = new() { Scheduler = pool.Schedule(byPrefix: true), Freshness = pool.Freshness };
        DecisionLog log = new(Kept, TimeProvider.System) { Enabled = records };
        return new RequestDirector(
            pool.Pool, policy, new RequestTelemetry(null, log, NullLogger<RequestDirector>.Instance), TimeProvider.System, new Random(1));
    }
}
