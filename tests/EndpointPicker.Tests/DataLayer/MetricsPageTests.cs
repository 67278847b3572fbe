using System.Net;
using System.Text;
using EndpointPicker.Configuration.DataLayer;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.DataLayer;
using Testing;
using Endpoint = EndpointPicker.Core.Endpoints.Endpoint;

namespace EndpointPicker.Tests.DataLayer;

public class MetricsPageTests
{
    private readonly EndpointPool _pool = new("pool");
    private readonly RecordedMetrics _metrics = new();
    private readonly MetricsPage _sut;

    public MetricsPageTests()
    {
        Label([]);
        _sut = new MetricsPage(Endpoint, new EngineMaps(new EngineMetricsOptions()), new DataLayerMetrics(_metrics), new ManualTimeProvider());
    }

    private Endpoint Endpoint => _pool.Current.Endpoints[0];

    [Fact]
    public void Complete_EndpointRelabelled_ReadsAsTheOtherEngine()
    {
        const string page = "vllm:num_requests_waiting 1\nsglang:num_queue_reqs 2\n";
        Assert.True(Read(page, 10));
        Assert.Equal(1, Endpoint.Signals.WaitingRequests);

        Label(new() { ["llm-d.ai/engine-type"] = "sglang" });

        Assert.True(Read(page, 20));
        Assert.Equal(2, Endpoint.Signals.WaitingRequests);
        Assert.Equal(20, Endpoint.ScrapedAt);
    }

    [Fact]
    public void Complete_PageWithoutAnySignal_LeavesSignalsAndTimeAsTheyWere()
    {
        Assert.True(Read("vllm:num_requests_waiting 1\n", 10));

        Assert.False(Read("up 1\n", 20));

        Assert.Equal(1, Endpoint.Signals.WaitingRequests);
        Assert.Equal(10, Endpoint.ScrapedAt);
    }

    [Fact]
    public void Complete_GaugeMissing_CountsAnExtractErrorAndIsAbsent()
    {
        Read("vllm:num_requests_waiting 1\nvllm:num_requests_running 1\nvllm:kv_cache_usage_perc 0\n", 10);
        Assert.Equal(0, _metrics.Sum("llm_d_epp_datalayer_extract_errors_total"));

        Assert.True(Read("vllm:num_requests_running 1\nvllm:kv_cache_usage_perc 0\n", 20));

        Assert.Null(Endpoint.Signals.WaitingRequests);
        Assert.Equal(1, _metrics.Sum("llm_d_epp_datalayer_extract_errors_total", ("source_type", "metrics-data-source"), ("extractor_type", "core-metrics-extractor")));
    }

    [Theory]
    [InlineData("# TYPE vllm:lora_requests_info gauge\nvllm:num_requests_waiting 1\n", true)]
    [InlineData("vllm:lora_requests_info{max_lora=\"1\"} 1\n", true)]
    [InlineData("vllm:num_requests_waiting 1\n", false)]
    public void ServesAdapters_GaugeDeclaredOrShown_IsTrue(string page, bool expected)
    {
        Read(page, 10);

        Assert.Equal(expected, _sut.ServesAdapters);
    }

    [Fact]
    public void Constructor_DefaultEngineUnknown_Throws() =>
        Assert.Throws<ArgumentException>(() => new EngineMaps(new EngineMetricsOptions { DefaultEngine = "nobody" }));

    private void Label(Dictionary<string, string> labels) =>
        _pool.Replace([new EndpointDescription("ns", "pod", new IPEndPoint(IPAddress.Loopback, 1), labels)]);

    private bool Read(string page, long timestamp)
    {
        _sut.Begin();
        _sut.Append(Encoding.UTF8.GetBytes(page));
        return _sut.Complete(timestamp);
    }
}
