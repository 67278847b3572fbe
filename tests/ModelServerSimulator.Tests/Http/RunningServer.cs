using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using ModelServerSimulator.Engine;
using ModelServerSimulator.Hosting;
using ModelServerSimulator.Http;
using Testing;

namespace ModelServerSimulator.Tests.Http;

/// <summary>A server of one test's own, on a free port.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningServer(WebApplication app)
    {
        _app = app;

        // A response that is dropped closes its connection at once instead of being read to its end.
        Client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = new Uri(SimulatorHost.Address(app)) };
    }

    public HttpClient Client { get; }

    public WebApplication App => _app;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<RunningServer> StartAsync(EngineOptions engine, ServerOptions server) => StartAsync(new SimulatorOptions { Engine = engine, Server = server });

    public static async Task<RunningServer> StartAsync(SimulatorOptions options)
    {
        WebApplication app = SimulatorHost.Build(options with { Server = options.Server with { Port = 0 } }, TimeProvider.System);
        await app.StartAsync(Token).DefaultTimeout();
        return new RunningServer(app);
    }

    public async Task<string> GetAsync(string path) => await Client.GetStringAsync(new Uri(path, UriKind.Relative), Token).DefaultTimeout();

    public async Task<HttpResponseMessage> SendAsync(string path, string json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await Client.SendAsync(request, Token).DefaultTimeout();
    }

    /// <summary>Completes with the head of the answer; disposing that drops the connection.</summary>
    public async Task<HttpResponseMessage> StreamAsync(string path, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    /// <summary>Reads the metrics page until the one sample that begins so has the value.</summary>
    public async Task WaitForAsync(string sample, double value)
    {
        string line;
        do
        {
            line = (await GetAsync("/metrics")).Split('\n').Single(line => line.StartsWith(sample, StringComparison.Ordinal));
        }
        while (double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture) != value);
    }

    public async Task<HttpStatusCode> PostAsync(string path, string json)
    {
        using HttpResponseMessage response = await SendAsync(path, json);
        return response.StatusCode;
    }

    /// <summary>Sends a captured request and expects the captured answer, byte for byte.</summary>
    public async Task ExpectCapturedAsync(string name)
    {
        CapturedExchange captured = CapturedExchange.Load(name);
        using HttpRequestMessage request = captured.ToRequest();
        using HttpResponseMessage response = await Client.SendAsync(request, Token).DefaultTimeout();

        Assert.Equal((name, captured.Status, captured.AnswerBody), (name, (int)response.StatusCode, await response.Content.ReadAsStringAsync(Token)));
    }

    public async Task<string[]> ModelsAsync()
    {
        using JsonDocument models = JsonDocument.Parse(await GetAsync("/v1/models"));
        return [.. models.RootElement.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()!)];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
