using System.Net;
using EndpointPicker.Configuration.DataLayer;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.DataLayer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Testing;
using Endpoint = EndpointPicker.Core.Endpoints.Endpoint;

namespace EndpointPicker.Tests.DataLayer;

/// <summary>The whole loop over loopback. Due times come from a clock that a pump moves as fast as the loop turns.</summary>
public class MetricsScraperTests
{
    private const string Page = "vllm:num_requests_waiting 3\nvllm:num_requests_running 2\nvllm:kv_cache_usage_perc 0.5\n";
    private const string LoraPage = Page + "vllm:lora_requests_info{max_lora=\"2\",running_lora_adapters=\"\",waiting_lora_adapters=\"\"} 1.7e9\n";
    private const string Models = """{"object":"list","data":[{"id":"m","parent":null},{"id":"a","parent":"m"}]}""";

    private readonly EndpointPool _pool = new("pool");
    private readonly RecordedMetrics _metrics = new();
    private readonly RecordedLog _log = new();

    [Fact]
    public async Task Run_EndpointsOfThePool_HaveFreshSignals()
    {
        await using WebApplication server = await TestServer.StartAsync(tls: false, context => context.Response.WriteAsync(Page));
        Replace(("before", TestServer.Address(server)));
        using MetricsScraper sut = CreateSut(new ScraperOptions());
        await sut.StartAsync(TestContext.Current.CancellationToken);
        Replace(("before", TestServer.Address(server)), ("after", TestServer.Address(server)));

        await Until(() => _pool.Current.Endpoints[0].Signals.WaitingRequests == 3 && _pool.Current.Endpoints[1].Signals.RunningRequests == 2);
        long scrapedAt = _pool.Current.Endpoints[1].ScrapedAt;
        EndpointSignals signals = _pool.Current.Endpoints[1].Signals;
        await Until(() => _pool.Current.Endpoints[1].ScrapedAt > scrapedAt);

        Assert.Same(signals, _pool.Current.Endpoints[1].Signals);
        await sut.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, sut.Targets);
    }

    [Fact]
    public async Task Run_EndpointThatLeft_IsScrapedNoMore()
    {
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using WebApplication server = await TestServer.StartAsync(tls: false, context =>
        {
            context.Features.Get<IConnectionLifetimeFeature>()!.ConnectionClosed.Register(() => closed.TrySetResult());
            return context.Response.WriteAsync(Page);
        });
        using MetricsScraper sut = CreateSut(new ScraperOptions { Models = ModelsPolling.Never });
        await sut.StartAsync(TestContext.Current.CancellationToken);
        Replace(("pod", TestServer.Address(server)));
        Endpoint pod = _pool.Current.Endpoints[0];
        await Until(() => pod.ScrapedAt != long.MinValue);

        Replace();

        await closed.Task.DefaultTimeout();
        Assert.Equal(0, sut.Targets);
        await sut.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Run_ServerWithAdapters_HasItsModelsRead()
    {
        await using WebApplication plain = await TestServer.StartAsync(tls: false, Answer(Page));
        await using WebApplication lora = await TestServer.StartAsync(tls: false, Answer(LoraPage));
        Replace(("plain", TestServer.Address(plain)), ("lora", TestServer.Address(lora)));
        using MetricsScraper sut = CreateSut(new ScraperOptions { ModelsInterval = TimeSpan.FromMilliseconds(100) });
        await sut.StartAsync(TestContext.Current.CancellationToken);

        await Until(() => _pool.Current.Endpoints[1].Adapters.Loaded is ["a"]);

        Assert.Null(_pool.Current.Endpoints[0].Adapters.Loaded);
        await sut.StopAsync(TestContext.Current.CancellationToken);

        static RequestDelegate Answer(string page) => context => context.Response.WriteAsync(context.Request.Path == "/v1/models" ? Models : page);
    }

    [Fact]
    public async Task Run_StalledAndDeadPods_DelayNobodyAndKeepTheirLastSignals()
    {
        bool stalled = false;
        SyncPoint stall = new();
        await using WebApplication healthy = await TestServer.StartAsync(tls: false, context => context.Response.WriteAsync(Page));
        await using WebApplication stalling = await TestServer.StartAsync(tls: false, async context =>
        {
            if (Volatile.Read(ref stalled))
            {
                await stall.WaitToContinueAsync();
            }

            await context.Response.WriteAsync(Page);
        });
        Replace(("healthy", TestServer.Address(healthy)), ("stalling", TestServer.Address(stalling)), ("dead", new IPEndPoint(IPAddress.Loopback, 1)));
        ManualTimeProvider time = new();
        using MetricsScraper sut = CreateSut(new ScraperOptions(), time);
        await sut.StartAsync(TestContext.Current.CancellationToken);
        await Pump(time, () => Member(1).Signals.WaitingRequests == 3);

        Volatile.Write(ref stalled, true);
        await Pump(time, () => stall.Reached.IsCompleted);
        long stalledAt = Member(1).ScrapedAt;
        long from = time.GetTimestamp();
        await Pump(time, () => time.GetElapsedTime(from) > TimeSpan.FromSeconds(10));
        await Pump(time, () => Member(0).ScrapedAt > from);

        Assert.Equal(stalledAt, Member(1).ScrapedAt);
        Assert.Equal(3, Member(1).Signals.WaitingRequests);
        Assert.Equal(long.MinValue, Member(2).ScrapedAt);
        Assert.Null(Member(2).Signals.WaitingRequests);
        Assert.Contains("Unreachable", _log.Events(Microsoft.Extensions.Logging.LogLevel.Information));
        Assert.True(_metrics.Sum("llm_d_epp_datalayer_poll_errors_total", ("source_type", "metrics-data-source")) > 3);

        stall.Continue();
        await Pump(time, () => Member(1).ScrapedAt > stalledAt);
        await sut.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Run_EngineByLabelAndPortOverride_AreObeyed()
    {
        await using WebApplication server = await TestServer.StartAsync(tls: true, context =>
            context.Response.WriteAsync(context.Request.Path == "/stats" ? "sglang:num_queue_reqs 4\n" : ""));
        IPEndPoint address = TestServer.Address(server);
        _pool.Replace(
        [
            new EndpointDescription("ns", "new", new IPEndPoint(IPAddress.Loopback, 1), new Dictionary<string, string> { ["llm-d.ai/engine-type"] = "sglang" }),
            new EndpointDescription("ns", "old", new IPEndPoint(IPAddress.Loopback, 2), new Dictionary<string, string> { ["inference.networking.k8s.io/engine-type"] = "sglang" }),
            new EndpointDescription("ns", "other", new IPEndPoint(IPAddress.Loopback, 3), new Dictionary<string, string> { ["llm-d.ai/engine-type"] = "unheard-of" }),
        ]);
        MetricsSourceOptions source = new() { Scheme = "https", Path = "/stats", Port = address.Port };
        using MetricsScraper sut = CreateSut(new ScraperOptions { Source = source });
        await sut.StartAsync(TestContext.Current.CancellationToken);

        await Until(() => Member(0).Signals.WaitingRequests == 4 && Member(1).Signals.WaitingRequests == 4);

        Assert.Null(Member(2).Signals.WaitingRequests);
        await Until(() => _metrics.Sum("llm_d_epp_datalayer_extract_errors_total", ("source_type", "metrics-data-source"), ("extractor_type", "core-metrics-extractor")) > 0);
        await sut.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Stop_NeverStarted_Ends()
    {
        using MetricsScraper sut = CreateSut(new ScraperOptions());
        await sut.StopAsync(TestContext.Current.CancellationToken).DefaultTimeout();
    }

    [Fact]
    public async Task Dispose_WhileTheLoopRuns_EndsItFirst()
    {
        await using WebApplication server = await TestServer.StartAsync(tls: false, context => context.Response.WriteAsync(Page));
        Replace(("pod", TestServer.Address(server)));
        MetricsScraper sut = CreateSut(new ScraperOptions());
        await sut.StartAsync(TestContext.Current.CancellationToken);
        await Until(() => Member(0).ScrapedAt != long.MinValue);

        sut.Dispose();
        sut.Dispose();

        // The loop's last act is to drop its targets; it would have died of the disposed handle before.
        Assert.Equal(0, sut.Targets);
    }

    [Fact]
    public void Dispose_NeverStarted_DoesNotWait()
    {
        MetricsScraper sut = CreateSut(new ScraperOptions());
        sut.Dispose();
        Assert.Equal(0, sut.Targets);
    }

    private Endpoint Member(int index) => _pool.Current.Endpoints[index];

    private void Replace(params (string Name, IPEndPoint Address)[] members) =>
        _pool.Replace([.. members.Select(m => new EndpointDescription("ns", m.Name, m.Address, new Dictionary<string, string>()))]);

    private MetricsScraper CreateSut(ScraperOptions options, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        ScrapeContext context = new(time, new Random(5), new DataLayerMetrics(_metrics), _log);
        return new MetricsScraper(_pool, new ScrapeTargetFactory(options, context), time, new RecordedLog<MetricsScraper>());
    }

    private static Task Until(Func<bool> condition) => Task.Run(async () =>
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }).DefaultTimeout();

    private static Task Pump(ManualTimeProvider time, Func<bool> condition) => Task.Run(async () =>
    {
        while (!condition())
        {
            time.Advance(TimeSpan.FromMicroseconds(100));
            await Task.Yield();
        }
    }).DefaultTimeout();
}
