using System.Net;
using System.Text;
using EndpointPicker.Configuration.Loading;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Requests;
using EndpointPicker.Hosting;
using EndpointPicker.Hosting.CommandLine;
using EndpointPicker.Hosting.Metrics;
using EndpointPicker.Hosting.Serving;
using Microsoft.Extensions.DependencyInjection;
using Testing;

namespace EndpointPicker.Tests.Hosting.Serving;

public sealed class ServedPoolsTests : IAsyncDisposable
{
    private ServiceProvider? _services;

    private ServedPools Sut => _services!.GetRequiredService<ServedPools>();

    private PoolDirectory Directory => _services!.GetRequiredService<PoolDirectory>();

    public ValueTask DisposeAsync() => _services?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public void All_OfTheCommandLine_InItsOrderWithTheFirstAsDefault()
    {
        Start("--pool-name=b,a", "--pool-name=c", "--pool-name=a");

        Assert.Equal(["b", "a", "c"], Sut.All.Select(pool => pool.Name));
        Assert.Equal("b", Sut.Default.Name);
        Assert.Equal(Sut.All.Select(pool => pool.Directed), Directory.All);
    }

    [Fact]
    public async Task Add_AndRemove_AreSeenByRequestsAtOnce()
    {
        Start("--pool-name=m");
        ServedPool first = Sut.Default;
        ServedPool added = await Sut.AddAsync("b", TestContext.Current.CancellationToken);
        Assert.Equal(["b", "m"], Directory.All.Select(pool => pool.Name));

        await Sut.RemoveAsync(added, TestContext.Current.CancellationToken);
        Assert.Equal([first.Directed], Directory.All);
        Assert.Equal([first], Sut.All);
    }

    [Fact]
    public async Task Remove_TheLast_LeavesAnEmptyPoolThatRefuses()
    {
        Start();
        await Sut.RemoveAsync(Sut.Default, TestContext.Current.CancellationToken);

        DirectedPool left = Assert.Single(Directory.All);
        RequestState state = new();
        state.Request.Headers.Add(":method"u8, "GET"u8);
        Directory.Begin(state).Begin(state);
        Assert.Equal(PickReason.NoEndpoints, left.Director.ScheduleNow(state, PickReason.HeadersOnly).Reason);
        Assert.Empty(Sut.All);
    }

    [Fact]
    public async Task Start_WhenAddedLater_ScrapesItsEndpoints()
    {
        Start("--pool-name=a");
        await Sut.StartAsync(TestContext.Current.CancellationToken);
        ServedPool added = await Sut.AddAsync("b", TestContext.Current.CancellationToken);
        using HttpListener server = new();
        int port = Listen(server);
        added.Endpoints.Replace([new EndpointDescription("default", "pod", new IPEndPoint(IPAddress.Loopback, port), new Dictionary<string, string>())]);

        HttpListenerContext scrape = await server.GetContextAsync().DefaultTimeout();
        Assert.Equal("/metrics", scrape.Request.Url!.AbsolutePath);
        scrape.Response.Close();
        await Sut.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("--pool-name=a", "llm_d_epp_prefix_indexer_size{plugin_name=\"approx-prefix-cache-producer\",plugin_type=\"approx-prefix-cache-producer\"} 0")]
    [InlineData("--pool-name=a,b", "llm_d_epp_prefix_indexer_size{plugin_name=\"approx-prefix-cache-producer\",plugin_type=\"approx-prefix-cache-producer\",inference_pool=\"b\"} 0")]
    public void Metrics_OfSeveralPools_SayWhosePluginsTheyAre(string flag, string line)
    {
        Start(flag);
        string page = Page();

        Assert.Contains(line, page.Split('\n'));
        Assert.Equal(page.Split('\n').Length, page.Split('\n').Distinct().Count() + page.Split('\n').Count(text => text.Length == 0) - 1);
        Assert.Contains("llm_d_epp_ready_endpoints{name=\"a\"} 0", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_OfAPoolThatLeft_AreGone()
    {
        Start("--pool-name=a,b");
        await Sut.RemoveAsync(Sut.All[1], TestContext.Current.CancellationToken);

        string page = Page();
        Assert.DoesNotContain("name=\"b\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("inference_pool=\"b\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_OfRequests_SayWhoseTheyAreAsLongAsThePoolIsServed()
    {
        Start("--pool-name=a,b");
        Sut.All[1].Endpoints.Replace([new EndpointDescription("default", "pod", new IPEndPoint(IPAddress.Loopback, 1), new Dictionary<string, string>())]);
        Assert.Equal(PickReason.NoEndpoints, Ask("a"));
        Assert.Equal(PickReason.HeadersOnly, Ask("b", status: "503"));
        Assert.Equal(PickReason.HeadersOnly, Ask("b", status: "404"));
        Assert.Equal(PickReason.UnknownPool, Ask("z", status: "503"));

        string[] page = Page().Split('\n');
        Assert.Equal(
            [
                "llm_d_epp_pool_decisions_total{name=\"a\",reason=\"NoEndpoints\"} 1",
                "llm_d_epp_pool_decisions_total{name=\"b\",reason=\"HeadersOnly\"} 2",
            ],
            page.Where(line => line.StartsWith("llm_d_epp_pool_decisions_total{", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["llm_d_epp_pool_server_errors_total{name=\"a\"} 0", "llm_d_epp_pool_server_errors_total{name=\"b\"} 1"],
            page.Where(line => line.StartsWith("llm_d_epp_pool_server_errors_total{", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains("llm_d_epp_decisions_total{reason=\"UnknownPool\"} 1", page);
        Assert.DoesNotContain(page, line => line.Contains("pool_decisions_total", StringComparison.Ordinal) && line.Contains("UnknownPool", StringComparison.Ordinal));

        await Sut.RemoveAsync(Sut.All[1], TestContext.Current.CancellationToken);
        Assert.DoesNotContain("name=\"b\"", Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void Configuration_OfAPoolsOwn_MakesItsProfiles()
    {
        Start(
            ["--pool-name=a,b", "--pool-config=b=unused.yaml"],
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: random-picker
            schedulingProfiles:
            - name: own
              plugins:
              - pluginRef: random-picker
            """);

        Assert.Equal("default", Assert.Single(Sut.All[0].Directed.Profiles).Name);
        Assert.Equal("own", Assert.Single(Sut.All[1].Directed.Profiles).Name);
    }

    // A request without a body, and its answer.
    private PickReason Ask(string pool, string? status = null)
    {
        RequestState state = new();
        state.Request.Headers.Add(":method"u8, "GET"u8);
        state.Request.Headers.Add("x-llm-d-inference-pool"u8, Encoding.UTF8.GetBytes(pool));
        RequestDirector director = Directory.Begin(state);
        director.Begin(state);
        SchedulingResult result = director.ScheduleNow(state, PickReason.HeadersOnly);
        if (status is not null)
        {
            HeaderTable headers = new();
            headers.Add(":status"u8, Encoding.UTF8.GetBytes(status));
            director.ResponseHeaders(state, headers, default);
        }

        director.End(state, StreamEnd.Completed);
        return result.Reason;
    }

    private static int Listen(HttpListener server)
    {
        int port = KeptPorts.Next();
        server.Prefixes.Add($"http://127.0.0.1:{port}/");
        server.Start();
        return port;
    }

    private void Start(params string[] flags) => Start(flags, null);

    private void Start(string[] flags, string? own)
    {
        EppOptions options = EppOptionsReader.Read(FlagParser.Parse(flags));
        EndpointPickerConfiguration shared = ConfigurationLoader.LoadDefault(new LoadSettings()).Configuration!;
        PoolConfigurations configurations = own is null
            ? new PoolConfigurations(shared)
            : new PoolConfigurations(shared, options.PoolConfigFiles.ToDictionary(file => file.Key, _ => ConfigurationLoader.LoadText(own, new LoadSettings()).Configuration!));
        _services = new ServiceCollection().AddLogging().AddEndpointPicker(options, configurations).BuildServiceProvider();
        _ = _services.GetRequiredService<MetricsCollector>();
        _ = Sut;
    }

    private string Page()
    {
        string page = "";
        _services!.GetRequiredService<MetricsCollector>().Collect(families => page = PrometheusText.Write(families));
        return page;
    }
}
