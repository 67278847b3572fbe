using System.Diagnostics.Metrics;
using EndpointPicker.Hosting.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Testing;

namespace EndpointPicker.Tests.Hosting.Metrics;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MetricsCollector _collector;
    private readonly Meter _meter;

    public PrometheusTextTests()
    {
        IMeterFactory factory = _services.GetRequiredService<IMeterFactory>();
        _collector = new MetricsCollector(factory);
        _meter = factory.Create(MetricsCollector.MeterName);
    }

    [Fact]
    public void Write_Counter_HasSeriesAndDeprecatedTwin()
    {
        Counter<long> counter = _meter.CreateCounter<long>("llm_d_epp_request_total", "", "Requests parsed.");
        counter.Add(2, Tags(("model_name", "a"), ("target_model_name", "b"), ("fairness_id", "f1"), ("priority", "0")));
        counter.Add(1, Tags(("model_name", "a"), ("target_model_name", "b"), ("fairness_id", "f2"), ("priority", "0")));
        Assert.Equal(
            """
            # HELP llm_d_epp_request_total [ALPHA] Requests parsed.
            # TYPE llm_d_epp_request_total counter
            llm_d_epp_request_total{model_name="a",target_model_name="b",fairness_id="f1",priority="0"} 2
            llm_d_epp_request_total{model_name="a",target_model_name="b",fairness_id="f2",priority="0"} 1
            # HELP inference_objective_request_total [ALPHA] [Deprecated: Use llm_d_epp_request_total] Requests parsed.
            # TYPE inference_objective_request_total counter
            inference_objective_request_total{model_name="a",target_model_name="b",priority="0"} 3

            """,
            Page());
    }

    [Fact]
    public void Write_Histogram_CountsAreCumulativeAndAgree()
    {
        Histogram<double> histogram = _meter.CreateHistogram(
            "llm_d_epp_x_seconds", "", "X.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (double value in (double[])[0.05, 0.1, 0.5, 7])
        {
            histogram.Record(value);
        }

        Assert.Equal(
            """
            # HELP llm_d_epp_x_seconds [ALPHA] X.
            # TYPE llm_d_epp_x_seconds histogram
            llm_d_epp_x_seconds_bucket{le="0.1"} 2
            llm_d_epp_x_seconds_bucket{le="1"} 3
            llm_d_epp_x_seconds_bucket{le="+Inf"} 4
            llm_d_epp_x_seconds_sum 7.65
            llm_d_epp_x_seconds_count 4

            """,
            Page());
    }

    [Fact]
    public void Write_LabelValues_AreEscaped()
    {
        _meter.CreateCounter<long>("llm_d_epp_y_total", "", "Y.").Add(1, Tags(("model_name", "a\"b\\c\nd")));
        Assert.Contains("""{model_name="a\"b\\c\nd"} 1""", Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ObservableGauge_IsReadAnewEachTime()
    {
        int value = 1;
        _meter.CreateObservableGauge("llm_d_epp_ready_endpoints", () => new Measurement<int>(value, Tags(("name", "pool"))), "", "Fresh endpoints.");
        Assert.Contains("llm_d_epp_ready_endpoints{name=\"pool\"} 1", Page(), StringComparison.Ordinal);
        value = 5;
        string page = Page();
        Assert.Contains("llm_d_epp_ready_endpoints{name=\"pool\"} 5", page, StringComparison.Ordinal);
        Assert.Contains("inference_pool_ready_pods{name=\"pool\"} 5", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Record_ManySeriesFromManyThreads_LosesNothing()
    {
        Counter<long> counter = _meter.CreateCounter<long>("llm_d_epp_z_total", "", "Z.");
        string[] models = [.. Enumerable.Range(0, 500).Select(i => $"model-{i}")];
        Parallel.For(0, 8, _ =>
        {
            foreach (string model in models)
            {
                counter.Add(1, new KeyValuePair<string, object?>("model_name", model));
            }
        });
        string page = Page();
        Assert.All(models, model => Assert.Contains($"llm_d_epp_z_total{{model_name=\"{model}\"}} 8\n", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Record_KnownSeries_AllocatesNothing()
    {
        Counter<long> counter = _meter.CreateCounter<long>("llm_d_epp_w_total", "", "W.");
        Histogram<double> histogram = _meter.CreateHistogram<double>("llm_d_epp_w_seconds", "", "W.");
        string[] models = ["a", "b"];
        Record();
        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                Record();
            }
        });
        Assert.Equal(0, allocated);

        void Record()
        {
            foreach (string model in models)
            {
                counter.Add(1, new KeyValuePair<string, object?>("model_name", model), new KeyValuePair<string, object?>("priority", "0"));
                histogram.Record(0.2, new KeyValuePair<string, object?>("model_name", model));
            }
        }
    }

    public void Dispose()
    {
        _collector.Dispose();
        _services.Dispose();
    }

    private static KeyValuePair<string, object?>[] Tags(params (string Name, string Value)[] tags) =>
        [.. tags.Select(tag => new KeyValuePair<string, object?>(tag.Name, tag.Value))];

    private string Page()
    {
        string page = "";
        _collector.Collect(families => page = PrometheusText.Write(families));
        return page;
    }
}
