using System.Net;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.DataLayer;
using Testing;

namespace EndpointPicker.Tests.DataLayer;

public class PoolMetricsTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly RecordedMetrics _metrics = new();
    private readonly EndpointPool _pool = new("pool-a");

    public PoolMetricsTests()
    {
        _pool.Replace([.. Enumerable.Range(0, 4).Select(i => new EndpointDescription("ns", $"pod-rank-{i}", new IPEndPoint(IPAddress.Loopback, 1 + i), new Dictionary<string, string>()))]);
        _ = new PoolMetrics(_metrics, _pool, _time, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Collect_NothingScrapedYet_HasOnlyTheCounts()
    {
        Assert.Equal(
            [("llm_d_epp_pool_endpoints", 4.0, "pool-a"), ("llm_d_epp_ready_endpoints", 0.0, "pool-a")],
            _metrics.Collect().Select(one => (one.Name, one.Value, (string)one.Tags["name"]!)).Order());
    }

    [Fact]
    public void Collect_SomeFresh_AveragesThoseThatKnow()
    {
        Publish(3, waiting: 100, running: 1, kvUsage: 1);
        _time.Advance(TimeSpan.FromSeconds(2.1));
        Publish(0, waiting: 1, running: 4, kvUsage: 0.1);
        Publish(1, waiting: 2, running: null, kvUsage: 0.25);
        _time.Advance(TimeSpan.FromSeconds(2));

        // By hand: mean 1.5, deviation sqrt((0.25 + 0.25) / 1) = 0.71; 0.175 -> 0.18 (half to even), sqrt(2 * 0.075^2) = 0.11.
        Assert.Equal(2, Value("ready_endpoints"));
        Assert.Equal(1.5, Value("average_queue_size"));
        Assert.Equal(0.71, Value("std_dev_queue_size"));
        Assert.Equal(4, Value("average_running_requests"));
        Assert.Equal(0, Value("std_dev_running_requests"));
        Assert.Equal(0.18, Value("average_kv_cache_utilization"));
        Assert.Equal(0.11, Value("std_dev_kv_cache_utilization"));
    }

    [Fact]
    public void Collect_AllStale_KeepsTheLastAverages()
    {
        Publish(0, waiting: 6, running: 1, kvUsage: 0.5);
        Assert.Equal(6, Value("average_queue_size"));

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(0, Value("ready_endpoints"));
        Assert.Equal(6, Value("average_queue_size"));
    }

    [Fact]
    public void Collect_QueueOfEachEndpoint_IsThereWhereKnown()
    {
        Publish(0, waiting: 6, running: 1, kvUsage: 0.5);
        Publish(1, waiting: null, running: 1, kvUsage: 0.5);
        Publish(2, waiting: 7, running: 1, kvUsage: 0.5);

        Assert.Equal(
            [("pool-a", "pod-rank-0", 6.0), ("pool-a", "pod-rank-2", 7.0)],
            _metrics.Collect().Where(m => m.Name == "llm_d_epp_per_endpoint_queue_size").Select(m => ((string)m.Tags["name"]!, (string)m.Tags["model_server_endpoint"]!, m.Value)));
    }

    private double Value(string name) => Assert.Single(_metrics.Collect(), m => m.Name == "llm_d_epp_" + name).Value;

    private void Publish(int endpoint, int? waiting, int? running, double? kvUsage) => _pool.Current.Endpoints[endpoint].Publish(
        new EndpointSignals { WaitingRequests = waiting, RunningRequests = running, KvCacheUsage = kvUsage }, _time.GetTimestamp());
}
