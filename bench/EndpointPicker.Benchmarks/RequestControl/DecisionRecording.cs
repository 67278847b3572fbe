using BenchmarkDotNet.Attributes;
using EndpointPicker.Benchmarks.Requests;
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

    private readonly byte[] _body = ChatBody.OfLength(1024);
    private readonly RequestState _state = new();
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
    public int Off() => Lead(_silent);

    [Benchmark]
    public int EveryDecision() => Lead(_recording);

    private RequestDirector Direct(bool records)
    {
        ScrapedPool pool = new(Endpoints);
        DecisionPolicy policy = new() { Scheduler = pool.Schedule(byPrefix: true), Freshness = pool.Freshness };
        DecisionLog log = new(Kept, TimeProvider.System) { Enabled = records };
        return new RequestDirector(
            pool.Pool, policy, new RequestTelemetry(null, log, NullLogger<RequestDirector>.Instance), TimeProvider.System, new Random(1));
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
