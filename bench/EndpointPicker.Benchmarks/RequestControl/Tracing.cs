using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using EndpointPicker.Benchmarks.Requests;
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
    private readonly byte[] _body = ChatBody.OfLength(1024);
    private readonly RequestState _state = new();
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
    public int Off() => Lead(_off);

    [Benchmark]
    public int NotSampled() => Lead(_notSampled);

    [Benchmark]
    public int Sampled() => Lead(_sampled);

    private static RequestDirector Direct(RequestTracing? tracing)
    {
        ScrapedPool pool = new(10);
        DecisionPolicy policy = new() { Scheduler = pool.Schedule(byPrefix: true), Freshness = pool.Freshness };
        RequestTelemetry telemetry = new(null, null, NullLogger<RequestDirector>.Instance) { Tracing = tracing };
        return new RequestDirector(pool.Pool, policy, telemetry, TimeProvider.System, new Random(1));
    }

    private int Lead(RequestDirector director)
    {
        _state.Request.Headers.Add(":method"u8, "POST"u8);
        _state.Request.Headers.Add(":path"u8, "/v1/chat/completions"u8);
        _state.Request.Headers.Add("x-request-id"u8, "5f1d3c9e-8f57-4a0e-9a5c-0a9b1c2d3e4f"u8);
        director.Begin(_state);
        director.Append(_state, _body);
        ValueTask<SchedulingResult> scheduling = director.ScheduleAsync(_state, BodyEnd.Complete, CancellationToken.None);
        int picks = scheduling.IsCompletedSuccessfully && scheduling.Result.IsPicked ? _state.Picks.Length : throw new InvalidOperationException("Nothing was picked.");
        director.End(_state, StreamEnd.Completed);
        _state.Reset();
        return picks;
    }
}
