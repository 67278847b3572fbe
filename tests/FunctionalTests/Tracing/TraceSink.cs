using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Trace.V1;
using Testing;

namespace FunctionalTests.Tracing;

/// <summary>A collector that takes OTLP by either of its protocols and reads it by the standard's own messages.</summary>
internal sealed class TraceSink : IAsyncDisposable
{
    private const string GrpcPath = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

    private readonly WebApplication _application;
    private readonly TaskCompletionSource _hold = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _answers;

    private TraceSink(WebApplication application, bool answers)
    {
        _application = application;
        _answers = answers;
    }

    /// <summary>Where http/protobuf is taken.</summary>
    public int HttpPort { get; private set; }

    /// <summary>Where gRPC is taken.</summary>
    public int GrpcPort { get; private set; }

    public ConcurrentQueue<ResourceSpans> Received { get; } = [];

    /// <summary>The paths of the requests that came.</summary>
    public ConcurrentQueue<string> Paths { get; } = [];

    public IReadOnlyList<Span> Spans => [.. Received.SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans)];

    /// <param name="answers">Whether it answers; one that does not is what a stop must not wait for.</param>
    public static async Task<TraceSink> StartAsync(bool answers = true)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        WebApplication application = builder.Build();
        TraceSink sink = new(application, answers);
        application.Run(sink.TakeAsync);
        await application.StartAsync();
        int[] ports = [.. application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address).Port)];
        sink.HttpPort = ports[0];
        sink.GrpcPort = ports[1];
        return sink;
    }

    /// <summary>An attribute as text, number or list.</summary>
    public static object? Attribute(IEnumerable<KeyValue> attributes, string key) => attributes.FirstOrDefault(pair => pair.Key == key)?.Value is { } value ? Plain(value) : null;

    public static string Hex(ByteString id) => Convert.ToHexStringLower(id.Span);

    public async ValueTask DisposeAsync()
    {
        _hold.TrySetResult();
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private static object? Plain(AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.IntValue => value.IntValue,
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue,
        AnyValue.ValueOneofCase.ArrayValue => value.ArrayValue.Values.Select(Plain).ToArray(),
        _ => value.ToString(),
    };

    private async Task TakeAsync(HttpContext context)
    {
        Paths.Enqueue(context.Request.Path);
        if (!_answers)
        {
            await _hold.Task;
            return;
        }

        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, TestContext.Current.CancellationToken).DefaultTimeout();
        bool grpc = context.Request.Path == GrpcPath;
        byte[] message = body.ToArray()[(grpc ? 5 : 0)..];
        foreach (ResourceSpans spans in ExportTraceServiceRequest.Parser.ParseFrom(message).ResourceSpans)
        {
            Received.Enqueue(spans);
        }

        if (grpc)
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[5], TestContext.Current.CancellationToken);
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }
}
