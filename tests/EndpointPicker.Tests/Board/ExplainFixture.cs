using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json;
using EndpointPicker.Configuration.Loading;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Hosting;
using EndpointPicker.Hosting.Admin;
using EndpointPicker.Hosting.CommandLine;
using EndpointPicker.Hosting.Metrics;
using EndpointPicker.Hosting.Serving;
using EndpointPicker.Tests.Grpc;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace EndpointPicker.Tests.Board;

/// <summary>All services of a picker over a small pool, asked as its metrics port is asked.</summary>
internal sealed class ExplainFixture : IDisposable
{
    private const string Configuration = """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: by-label
          parameters: { label: role, validValues: [decode] }
        - type: queue-scorer
        - type: kv-cache-utilization-scorer
        - type: lora-affinity-scorer
        - type: prefix-cache-scorer
        - type: max-score-picker
        schedulingProfiles:
        - name: default
          plugins:
          - pluginRef: by-label
          - { pluginRef: queue-scorer, weight: 2 }
          - { pluginRef: kv-cache-utilization-scorer, weight: 2 }
          - pluginRef: lora-affinity-scorer
          - { pluginRef: prefix-cache-scorer, weight: 3 }
          - pluginRef: max-score-picker
        """;

    private readonly ServiceProvider _services;

    public ExplainFixture(params string[] flags)
    {
        ConfigurationOutcome outcome = ConfigurationLoader.LoadText(Configuration, new LoadSettings());
        Assert.True(outcome.Configuration is not null, string.Join('\n', outcome.Diagnostics));
        EppOptions options = EppOptionsReader.Read(FlagParser.Parse(["--metrics-staleness-threshold=1h", .. flags]));
        _services = new ServiceCollection().AddLogging().AddEndpointPicker(options, new PoolConfigurations(outcome.Configuration)).BuildServiceProvider();
        _ = _services.GetRequiredService<MetricsCollector>();
        Pool.Replace([.. Enumerable.Range(0, 4).Select(Describe)]);
        foreach (Core.Endpoints.Endpoint endpoint in Pool.Current.Endpoints[..3])
        {
            endpoint.Publish(new EndpointSignals { WaitingRequests = endpoint.Slot, RunningRequests = 2, KvCacheUsage = 0.25, MaxAdapters = 2, RunningAdapters = ["sql"] }, Now);
        }
    }

    private ServedPool Served => _services.GetRequiredService<ServedPools>().Default;

    public EndpointPool Pool => Served.Endpoints;

    public PoolDirectory Pools => _services.GetRequiredService<PoolDirectory>();

    public RequestRules Rules => Served.Rules;

    public RequestDirector Director => Served.Directed.Director;

    private static long Now => TimeProvider.System.GetTimestamp();

    public void Dispose() => _services.Dispose();

    public static byte[] Chat(string model, string content) =>
        Encoding.UTF8.GetBytes($$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{content}}"}]}""");

    /// <summary>Leads a real request to its end.</summary>
    public async Task PickAsync(string requestId, byte[] body, params (string Name, string Value)[] headers)
    {
        RequestState state = new();
        foreach ((string name, string value) in (ReadOnlySpan<(string, string)>)[(":method", "POST"), (":path", "/v1/chat/completions"), ("x-request-id", requestId), .. headers])
        {
            state.Request.Headers.Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        }

        Director.Begin(state);
        Director.Append(state, body);
        await Director.ScheduleAsync(state, BodyEnd.Complete, TestContext.Current.CancellationToken);
        Director.End(state, StreamEnd.Completed);
    }

    public async Task<JsonElement> DecisionsAsync(string query = "")
    {
        HttpContext answer = await SendAsync("GET", query, []);
        Assert.Equal((200, "application/json"), (answer.Response.StatusCode, answer.Response.ContentType));
        return JsonDocument.Parse(Text(answer)).RootElement.GetProperty("decisions");
    }

    public async Task<JsonElement> PostAsync(byte[] body, string query = "", params (string Name, string Value)[] headers)
    {
        HttpContext answer = await SendAsync("POST", query, body, headers);
        Assert.True(answer.Response.StatusCode == 200, Text(answer));
        return JsonDocument.Parse(Text(answer)).RootElement;
    }

    public async Task<string> MetricsAsync() => Text(await SendAsync("GET", "", [], path: "/metrics"));

    public Task<HttpContext> SendAsync(string method, string query, byte[] body, params (string Name, string Value)[] headers) =>
        SendAsync(method, query, body, "/explain", headers);

    private async Task<HttpContext> SendAsync(string method, string query, byte[] body, string path, params (string Name, string Value)[] headers)
    {
        HttpContext context = NewContext(method, path);
        context.Request.QueryString = new QueryString(query);
        context.Request.Body = new MemoryStream(body);
        context.Request.ContentType = "application/json";
        foreach ((string name, string value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        context.Response.Body = new MemoryStream();
        await _services.GetRequiredService<AdminHandler>().HandleAsync(context);
        return context;
    }

    /// <summary>Asks for the decisions, to be read at the client's pace.</summary>
    public Task ListAsync(PipeWriter page)
    {
        HttpContext context = NewContext("GET", "/explain");
        context.Features.Set<IHttpResponseBodyFeature>(new ResponsePipe(page));
        return _services.GetRequiredService<AdminHandler>().HandleAsync(context);
    }

    public static string Text(HttpContext answer) => Encoding.UTF8.GetString(((MemoryStream)answer.Response.Body).ToArray());

    private static DefaultHttpContext NewContext(string method, string path)
    {
        DefaultHttpContext context = new();
        context.Request.Method = method;
        context.Request.Path = path;
        context.Request.Host = new HostString("localhost", 9090);
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        return context;
    }

    private static EndpointDescription Describe(int index) => new(
        "default", $"pod-{index}", new IPEndPoint(new IPAddress([10, 0, 0, (byte)(index + 1)]), 8000), new Dictionary<string, string> { ["role"] = index == 2 ? "encode" : "decode" });
}
