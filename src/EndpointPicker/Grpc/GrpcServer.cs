using System.Collections.Frozen;

namespace EndpointPicker.Grpc;

/// <summary>Serves gRPC over HTTP/2 for a fixed set of methods; <see cref="InvokeAsync"/> is the request delegate.</summary>
internal sealed partial class GrpcServer(
    IEnumerable<GrpcMethod> methods, GrpcServerOptions options, TimeProvider timeProvider, ILogger<GrpcServer> logger, StreamMetrics? metrics = null)
{
    private readonly FrozenDictionary<string, GrpcMethod> _methods = methods.ToFrozenDictionary(method => method.Path, StringComparer.Ordinal);

    /// <summary>Answers one HTTP request; never throws for anything that a client or a method does.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        HttpResponse response = context.Response;
        if (!HttpMethods.IsPost(request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = HttpMethods.Post;
            return Task.CompletedTask;
        }

        if (!GrpcHeaders.IsGrpc(request.ContentType))
        {
            response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        }

        response.ContentType = GrpcHeaders.ContentType;
        string path = request.Path.Value ?? "";
        return _methods.TryGetValue(path, out GrpcMethod? method) ? ServeAsync(context, method) : RefuseAsync(context, path);
    }

    private Task RefuseAsync(HttpContext context, string path)
    {
        using GrpcStream stream = new(context, options.MaxReceiveMessageBytes);
        stream.Finish(GrpcStatus.Unimplemented($"unknown method {path}"));
        return Task.CompletedTask;
    }

    private async Task ServeAsync(HttpContext context, GrpcMethod method)
    {
        StreamMetrics? measured = method.IsMeasured ? metrics : null;
        long started = measured is null ? 0 : timeProvider.GetTimestamp();
        measured?.Started();
        using GrpcStream stream = new(context, options.MaxReceiveMessageBytes);
        GrpcStatus status = await CallAsync(context, method, stream);
        if (!stream.WasReset)
        {
            stream.Finish(status);
        }

        measured?.Ended(status.Code, started);
    }

    private async ValueTask<GrpcStatus> CallAsync(HttpContext context, GrpcMethod method, GrpcStream stream)
    {
        string? timeout = context.Request.Headers.GrpcTimeout;
        if (timeout is not null)
        {
            if (!GrpcTimeout.TryParse(timeout, out TimeSpan duration))
            {
                return GrpcStatus.Internal("malformed grpc-timeout");
            }

            stream.SetDeadline(duration, timeProvider);
        }

        try
        {
            GrpcStatus status = await method.HandleAsync(stream);
            return stream.WasReset ? GrpcStatus.Cancelled : stream.ReadError ?? status;
        }
        catch (OperationCanceledException) when (stream.DeadlineExceeded)
        {
            return GrpcStatus.DeadlineExceeded;
        }
        catch (OperationCanceledException) when (stream.Aborted.IsCancellationRequested)
        {
            return GrpcStatus.Cancelled;
        }
        catch (Exception e)
        {
            Log.MethodFailed(logger, e, method.Path);
            if (stream.HasUnflushed)
            {
                // What was written may be half a message; a status after it would be read as part of it.
                context.Abort();
            }

            return GrpcStatus.Internal("the server failed to serve the call");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Serving {Path} failed", EventName = nameof(MethodFailed))]
        public static partial void MethodFailed(ILogger logger, Exception exception, string path);
    }
}
