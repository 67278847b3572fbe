using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FunctionalTests.Harness;

/// <summary>
/// A model server that remembers what reached it, byte for byte, and answers as the test says: as JSON, as events, or when the test lets it.
/// </summary>
internal sealed class ModelServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ModelServer(WebApplication application, IPAddress ip)
    {
        _application = application;
        Ip = ip;
    }

    public IPAddress Ip { get; }

    public int Port { get; private set; }

    public string Address => $"{Ip}:{Port}";

    /// <summary>The requests that came whole, without scrapes, in order.</summary>
    public ConcurrentQueue<ReceivedRequest> Received { get; } = new();

    /// <summary>How to answer; by default a short JSON text.</summary>
    public Func<HttpContext, ReceivedRequest, Task> Answer { get; set; } = AnswerJsonAsync;

    /// <summary>What /metrics says of the queue.</summary>
    public int Waiting { get; set; }

    /// <summary>What /metrics says of the KV cache, 0 to 1.</summary>
    public double KvCacheUsage { get; set; } = 0.1;

    /// <summary>The adapters that /metrics says are running, comma separated, and that /v1/models lists; null for a server without LoRA.</summary>
    public string? Adapters { get; set; }

    /// <summary>A page to show in place of the usual one.</summary>
    public string? Page { get; set; }

    public static Task<ModelServer> StartAsync() => StartAsync(IPAddress.Loopback, 0);

    /// <summary>Starts a server on an address of its own.</summary>
    /// <param name="ip">An address of the loopback range.</param>
    /// <param name="port">The port; 0 for any.</param>
    public static async Task<ModelServer> StartAsync(IPAddress ip, int port)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(ip, port);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
        });
        WebApplication application = builder.Build();
        ModelServer server = new(application, ip);
        application.Run(server.HandleAsync);
        await application.StartAsync();
        string address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        server.Port = new Uri(address).Port;
        return server;
    }

    public static async Task<List<ModelServer>> StartAsync(int count)
    {
        List<ModelServer> servers = [];
        for (int i = 0; i < count; i++)
        {
            servers.Add(await StartAsync());
        }

        return servers;
    }

    public static Task AnswerJsonAsync(HttpContext context, ReceivedRequest request)
    {
        byte[] body = """{"object":"chat.completion","model":"m","usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}"""u8.ToArray();
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body).AsTask();
    }

    public static async Task AnswerEventsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        for (int i = 0; i < 5; i++)
        {
            await context.Response.WriteAsync($"data: {{\"n\":{i}}}\n\n");
            await context.Response.Body.FlushAsync();
        }

        await context.Response.WriteAsync("data: [DONE]\n\n");
    }

    /// <summary>Chunks cut by hand: Kestrel writes no trailers over HTTP/1.1.</summary>
    public static async Task AnswerWithTrailersAsync(HttpContext context)
    {
        context.Response.Headers.TransferEncoding = "chunked";
        await context.Response.Body.WriteAsync("2\r\n{}\r\n0\r\nx-cost: 7\r\n\r\n"u8.ToArray());
    }

    /// <summary>Dies as a process does: the port refuses connections, and open ones are cut.</summary>
    public async Task StopAsync()
    {
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        try
        {
            await _application.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // Open connections of a proxy that is still running are cut, as intended.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _application.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path == "/metrics")
        {
            await context.Response.WriteAsync(Page ?? MetricsPage());
            return;
        }

        if (context.Request.Path == "/v1/models" && Adapters is not null && !context.Request.Headers.ContainsKey("x-request-id"))
        {
            string adapters = string.Concat(Adapters.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => $$""",{"id":"{{name}}","object":"model","parent":"m"}"""));
            await context.Response.WriteAsync($$"""{"object":"list","data":[{"id":"m","object":"model","parent":null}{{adapters}}]}""");
            return;
        }

        context.Response.Headers["x-served-by"] = Address;
        byte[] body;
        try
        {
            using MemoryStream all = new();
            await context.Request.Body.CopyToAsync(all, context.RequestAborted);
            body = all.ToArray();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or BadHttpRequestException)
        {
            return;
        }

        IHttpRequestTrailersFeature? trailers = context.Features.Get<IHttpRequestTrailersFeature>();
        ReceivedRequest request = new(
            context.Request.Method,
            context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body,
            trailers is { Available: true } ? trailers.Trailers.ToDictionary(header => header.Key, header => header.Value.ToString()) : []);
        Received.Enqueue(request);
        context.Response.Headers["x-body-sha256"] = Convert.ToHexString(SHA256.HashData(body));
        await Answer(context, request);
    }

    private string MetricsPage()
    {
        string page = string.Create(CultureInfo.InvariantCulture, $$"""
            # TYPE vllm:num_requests_waiting gauge
            vllm:num_requests_waiting{engine="0",model_name="m"} {{Waiting}}
            # TYPE vllm:num_requests_running gauge
            vllm:num_requests_running{engine="0",model_name="m"} {{Adapters?.Split(',', StringSplitOptions.RemoveEmptyEntries).Length ?? 0}}
            # TYPE vllm:kv_cache_usage_perc gauge
            vllm:kv_cache_usage_perc{engine="0",model_name="m"} {{KvCacheUsage}}

            """);
        return Adapters is null ? page : page + $$"""
            # TYPE vllm:lora_requests_info gauge
            vllm:lora_requests_info{max_lora="2",running_lora_adapters="{{Adapters}}",waiting_lora_adapters="{{Adapters}}"} {{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}}

            """;
    }
}
