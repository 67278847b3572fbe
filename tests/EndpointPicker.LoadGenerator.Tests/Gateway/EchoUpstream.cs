using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EndpointPicker.LoadGenerator.Tests.Gateway;

/// <summary>A model server that tells what it got: JSON of 42 bytes (41 to a GET, as when Envoy was recorded) on any path, five events of 16 bytes on /sse, and nothing until told on /held.</summary>
internal sealed class EchoUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EchoUpstream(WebApplication app)
    {
        _app = app;
        app.Run(HandleAsync);
    }

    public ConcurrentQueue<(string Method, string Path, IHeaderDictionary Headers, int Length, string Digest)> Seen { get; } = new();

    public int Status { get; set; } = 200;

    public SemaphoreSlim Entered { get; } = new(0);

    public TaskCompletionSource Hold { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Aborted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>As ip:port.</summary>
    public string Endpoint => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Authority;

    public static string DigestOf(byte[] body) => Convert.ToHexString(SHA256.HashData(body));

    public static async Task<EchoUpstream> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var upstream = new EchoUpstream(builder.Build());
        await upstream._app.StartAsync();
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        Hold.TrySetResult();
        using var cut = new CancellationTokenSource();
        await cut.CancelAsync();
        await _app.StopAsync(cut.Token);
        await _app.DisposeAsync();
        Entered.Dispose();
    }

    private async Task HandleAsync(HttpContext http)
    {
        http.RequestAborted.Register(() => Aborted.TrySetResult());
        Entered.Release();
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        Seen.Enqueue((http.Request.Method, http.Request.Path + http.Request.QueryString, Copy(http.Request.Headers), (int)body.Length, DigestOf(body.ToArray())));
        http.Response.StatusCode = Status;
        if (http.Request.Path == "/sse")
        {
            http.Response.ContentType = "text/event-stream";
            for (int i = 0; i < 5; i++)
            {
                await http.Response.WriteAsync($"data: {{\"n\": {i}}}\n\n", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }

            return;
        }

        if (http.Request.Path == "/held")
        {
            await Hold.Task.WaitAsync(http.RequestAborted);
        }

        int length = HttpMethods.IsGet(http.Request.Method) ? 41 : 42;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.WriteAsync(new string('j', length), http.RequestAborted);
        }
    }

    // The original belongs to Kestrel and is cleared for the next request.
    private static HeaderDictionary Copy(IHeaderDictionary headers)
    {
        var copy = new HeaderDictionary();
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in headers)
        {
            copy[name] = values;
        }

        return copy;
    }
}
