using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using EndpointPicker.Benchmarks.Scheduling;
using EndpointPicker.Core.RequestControl;
using Microsoft.Extensions.Logging.Abstractions;

namespace EndpointPicker.Benchmarks.RequestControl;

/// <summary>
/// What do traces cost a request of 1 KB from its headers to its end: those that are off, those that do not take it, and those that do? Spans
/// go to a listener that drops them.
/// </summary>
public class Tracing
{
    private readonly WholeRequest _request = new();
    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = static source => source.Name == RequestTracing.SourceName,
        Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
    };

    private RequestDirector _off = null!;
    private RequestDirector _notSampled = null!;
    private RequestDirector _sampled = null!;

    [GlobalSetup]
    public void Setup()
    {
        ActivitySource.AddActivityListener(_listener);
        _off = Direct(null);
        _notSampled = Direct(new RequestTracing(new TraceSampling(0, 1), "", ""));
        _sampled = Direct(new RequestTracing(new TraceSampling(1, 1), "", ""));
    }

    [GlobalCleanup]
    public void Cleanup() => _listener.Dispose();

    [Benchmark(Baseline = true)]
    public int Off() => _request.Lead(_off);

    [Benchmark]
    public int NotSampled() => _request.Lead(_notSampled);

    [Benchmark]
    public int Sampled() => _request.Lead(_sampled);

    private static RequestDirector Direct(RequestTracing? tracing)
    {
        ScrapedPool pool = new(10);
        DecisionPolicy policy = new() { Scheduler = pool.Schedule(byPrefix: true), Freshness = pool.Freshness };
        RequestTelemetry telemetry = new(null, null, NullLogger<RequestDirector>.Instance) { Tracing = tracing };
        return new RequestDirector(pool.Pool, policy, telemetry, TimeProvider.System, new Random(1));
    }
}
