using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;
using Case = Envoy.Service.ExtProc.V3.ProcessingRequest.RequestOneofCase;

namespace EndpointPicker.LoadGenerator.Tests.Gateway;

/// <summary>An ext_proc server whose answers a test writes; it keeps what it was sent and how the streams ended.</summary>
internal sealed class ScriptedProcessor : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedProcessor(WebApplication app)
    {
        _app = app;
        app.Run(HandleAsync);
    }

    /// <summary>Answers to a message; null ends the stream with <see cref="EndStatus"/>.</summary>
    public Func<ProcessingRequest, IEnumerable<ProcessingResponse>?> Script { get; set; } = request => PassThrough(request, null);

    public int EndStatus { get; set; }

    public ConcurrentQueue<ProcessingRequest> Received { get; } = new();

    /// <summary>Completes when a stream is over, true when the client reset it.</summary>
    public TaskCompletionSource<bool> StreamOver { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SemaphoreSlim Arrived { get; } = new(0);

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<ScriptedProcessor> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var processor = new ScriptedProcessor(builder.Build());
        await processor._app.StartAsync();
        return processor;
    }

    /// <summary>Changes nothing, in every mode; names a destination with the headers where one is given.</summary>
    public static IEnumerable<ProcessingResponse> PassThrough(ProcessingRequest request, string? destination, BodySendMode requestMode = BodySendMode.None, BodySendMode responseMode = BodySendMode.None)
    {
        yield return request.RequestCase switch
        {
            Case.RequestHeaders => Headers(destination),
            Case.RequestBody => new ProcessingResponse { RequestBody = Body(request.RequestBody, requestMode) },
            Case.RequestTrailers => new ProcessingResponse { RequestTrailers = new TrailersResponse() },
            Case.ResponseHeaders => new ProcessingResponse { ResponseHeaders = new HeadersResponse() },
            Case.ResponseBody => new ProcessingResponse { ResponseBody = Body(request.ResponseBody, responseMode) },
            _ => new ProcessingResponse { ResponseTrailers = new TrailersResponse() },
        };
    }

    public static ProcessingResponse Headers(string? destination, params (string Name, string Value)[] set)
    {
        var common = new CommonResponse { HeaderMutation = new HeaderMutation() };
        (string Name, string Value)[] all = destination is null ? set : [.. set, ("x-gateway-destination-endpoint", destination)];
        foreach ((string name, string value) in all)
        {
            common.HeaderMutation.SetHeaders.Add(new HeaderValueOption
            {
                Header = new HeaderValue { Key = name, RawValue = ByteString.CopyFromUtf8(value) },
                AppendAction = HeaderValueOption.Types.HeaderAppendAction.OverwriteIfExistsOrAdd,
            });
        }

        return new ProcessingResponse
        {
            RequestHeaders = new HeadersResponse { Response = common },
            DynamicMetadata = destination is null ? null : LoadBalancing(destination),
        };
    }

    public static Struct LoadBalancing(string destination) => new()
    {
        Fields = { ["envoy.lb"] = Value.ForStruct(new Struct { Fields = { ["x-gateway-destination-endpoint"] = Value.ForString(destination) } }) },
    };

    public async ValueTask DisposeAsync()
    {
        using var cut = new CancellationTokenSource();
        await cut.CancelAsync();
        await _app.StopAsync(cut.Token);
        await _app.DisposeAsync();
        Arrived.Dispose();
    }

    private static BodyResponse Body(HttpBody body, BodySendMode mode) => mode == BodySendMode.FullDuplexStreamed
        ? new BodyResponse
        {
            Response = new CommonResponse
            {
                BodyMutation = new BodyMutation { StreamedResponse = new StreamedBodyResponse { Body = body.Body, EndOfStream = body.EndOfStream } },
            },
        }
        : new BodyResponse { Response = new CommonResponse() };

    private async Task HandleAsync(HttpContext http)
    {
        bool reset = false;
        try
        {
            http.Response.ContentType = "application/grpc";
            while (await ReadAsync(http) is { } message)
            {
                Received.Enqueue(message);
                Arrived.Release();
                if (Script(message) is not { } answers)
                {
                    break;
                }

                foreach (ProcessingResponse answer in answers)
                {
                    await WriteAsync(http, answer);
                }
            }

            http.Response.AppendTrailer("grpc-status", $"{EndStatus}");
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ConnectionAbortedException)
        {
            reset = true;
        }

        StreamOver.TrySetResult(reset);
    }

    private static async Task<ProcessingRequest?> ReadAsync(HttpContext http)
    {
        byte[] prefix = new byte[5];
        if (await http.Request.Body.ReadAtLeastAsync(prefix, 5, throwOnEndOfStream: false, http.RequestAborted) < 5)
        {
            return null;
        }

        byte[] message = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1))];
        await http.Request.Body.ReadExactlyAsync(message, http.RequestAborted);
        return ProcessingRequest.Parser.ParseFrom(message);
    }

    private static async Task WriteAsync(HttpContext http, ProcessingResponse answer)
    {
        byte[] message = answer.ToByteArray();
        byte[] prefix = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), message.Length);
        await http.Response.Body.WriteAsync((byte[])[.. prefix, .. message], http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}
