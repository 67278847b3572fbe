using System.Diagnostics.Metrics;

namespace EndpointPicker.Grpc;

/// <summary>The opt-in series about ext_proc streams.</summary>
internal sealed class StreamMetrics
{
    private readonly TimeProvider _timeProvider;
    private readonly UpDownCounter<long> _inFlight;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _total;

    public StreamMetrics(IMeterFactory meterFactory, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        Meter meter = meterFactory.Create("EndpointPicker");
        _inFlight = meter.CreateUpDownCounter<long>("llm_d_epp_extproc_streams_inflight", "", "Number of ext_proc streams that are open.");
        _duration = meter.CreateHistogram(
            "llm_d_epp_extproc_stream_duration_seconds",
            "",
            "Duration of ext_proc streams in seconds.",
            null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [.001, .005, .01, .05, .1, .5, 1, 5, 10, 30, 60, 120, 300, 600] });
        _total = meter.CreateCounter<long>("llm_d_epp_extproc_streams_total", "", "Number of ext_proc streams that have ended, by gRPC code.");
    }

    public void Started() => _inFlight.Add(1);

    public void Ended(StatusCode code, long started)
    {
        _inFlight.Add(-1);
        _duration.Record(_timeProvider.GetElapsedTime(started).TotalSeconds);
        _total.Add(1, new KeyValuePair<string, object?>("code", StatusCodeText.Name(code)));
    }
}
