using System.Diagnostics.Metrics;
using EndpointPicker.Board;
using EndpointPicker.DataLayer;
using EndpointPicker.Grpc.Health;
using EndpointPicker.Hosting.Lifetime;
using EndpointPicker.Hosting.Metrics;
using EndpointPicker.Tests.DataLayer;
using Microsoft.Extensions.Logging.Abstractions;

namespace EndpointPicker.Tests.Hosting.Metrics;

public sealed class CollectedFiguresTests : IDisposable
{
    private readonly RecordedMetrics _meters = new();
    private readonly MetricsCollector _collector;
    private readonly Readiness _readiness;
    private readonly CollectedFigures _sut;

    public CollectedFiguresTests()
    {
        _collector = new MetricsCollector(_meters);
        _readiness = new Readiness(new HealthState(new HealthNames(knownOnly: false)), NullLogger<Readiness>.Instance);
        _sut = new CollectedFigures(_collector, _readiness);
    }

    public void Dispose()
    {
        _collector.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public void Read_NothingRecordedYet_IsZeroAndStreamsAreUnknown()
    {
        BoardFigures figures = _sut.Read();
        Assert.Equal((0, 0, 0, 0, 0), (figures.Requests, figures.Errors, figures.FailedPicks, figures.Scrapes, figures.ScrapeErrors));
        Assert.Null(figures.Streams);
        Assert.Empty(figures.Picks);
        Assert.Equal(BuildVersion.Version, figures.Version);
    }

    [Fact]
    public void Read_AttemptsOfManyModels_AddsThemUpByEndpoint()
    {
        Counter<long> attempts = Meter().CreateCounter<long>("llm_d_epp_scheduler_attempts_total");
        Attempt(attempts, "success", "m1", "a", "x");
        Attempt(attempts, "success", "m2", "a", "x");
        Attempt(attempts, "success", "m2", "a", "y");
        Attempt(attempts, "failure", "m2", "", "");
        BoardFigures figures = _sut.Read();
        Assert.Equal(new Dictionary<(string, string), long> { [("x", "a")] = 2, [("y", "a")] = 1 }, figures.Picks);
        Assert.Equal(1, figures.FailedPicks);
    }

    [Fact]
    public void Read_CountsAndDurations_AddsUpAllSeries()
    {
        Meter meter = Meter();
        Counter<long> requests = meter.CreateCounter<long>("llm_d_epp_request_total");
        requests.Add(2, new KeyValuePair<string, object?>("model_name", "a"));
        requests.Add(3, new KeyValuePair<string, object?>("model_name", "b"));
        meter.CreateCounter<long>("llm_d_epp_request_error_total").Add(4);
        meter.CreateUpDownCounter<long>("llm_d_epp_extproc_streams_inflight").Add(5);
        Histogram<double> times = meter.CreateHistogram(
            "llm_d_epp_request_processing_duration_seconds", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.01] });
        times.Record(0.0005);
        times.Record(0.02);
        DataLayerMetrics scrapes = new(_meters);
        scrapes.Polled("metrics-data-source");
        scrapes.Polled("models-data-source");
        scrapes.PollFailed("models-data-source");

        BoardFigures figures = _sut.Read();
        Assert.Equal((5, 4, 5, 2, 1), (figures.Requests, figures.Errors, figures.Streams, figures.Scrapes, figures.ScrapeErrors));
        Assert.Equal([0.001, 0.01], figures.DecisionTimeBounds);
        Assert.Equal([1, 0, 1], figures.DecisionTimes);
    }

    [Fact]
    public void Read_FromStartToDrain_SaysWhyItIsNotReady()
    {
        Assert.Equal("the pool's endpoints are not known yet; starting", _sut.Read().NotReady);
        _readiness.Set(ReadinessCondition.Pool, null);
        _readiness.Set(ReadinessCondition.Warm, null);
        Assert.Equal("", _sut.Read().NotReady);
        _readiness.Set(ReadinessCondition.NotDraining, "draining");
        Assert.Equal("draining", _sut.Read().NotReady);
    }

    private static void Attempt(Counter<long> attempts, string status, string model, string endpoint, string space) =>
        attempts.Add(
            1,
            new KeyValuePair<string, object?>("status", status),
            new KeyValuePair<string, object?>("target_model_name", model),
            new KeyValuePair<string, object?>("endpoint_name", endpoint),
            new KeyValuePair<string, object?>("namespace", space),
            new KeyValuePair<string, object?>("port", "8000"));

    private Meter Meter() => ((IMeterFactory)_meters).Create(MetricsCollector.MeterName);
}
