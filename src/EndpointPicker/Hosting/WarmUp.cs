using System.IO.Pipelines;
using System.Net;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Grpc;
using EndpointPicker.Hosting.CommandLine;
using EndpointPicker.Hosting.Metrics;
using EndpointPicker.Hosting.Serving;
using EndpointPicker.Hosting.Tracing;
using Microsoft.AspNetCore.Http.Features;
using Endpoint = EndpointPicker.Core.Endpoints.Endpoint;

namespace EndpointPicker.Hosting;

/// <summary>
/// Serves made-up streams before the process says that it is ready, so that the first real ones do not wait for the compiler. They go through
/// the gRPC framing, the ext_proc exchange and the decision of a second set of services: no counter, gauge, decision log, prefix index or
/// endpoint of the real set sees them, and nothing touches the network.
/// </summary>
/// <param name="options">The flags of the process.</param>
/// <param name="configurations">Its configurations.</param>
/// <param name="time">The clock of the budget.</param>
/// <param name="logger">Where it says what it did.</param>
internal sealed partial class WarmUp(EppOptions options, PoolConfigurations configurations, TimeProvider time, ILogger logger)
{
    public const int MostStreams = 2000;
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(1);

    private const int Endpoints = 4;
    private const int StreamsOfARound = 250;

    // Methods are compiled better only after a pause of 100 ms in which nothing new was compiled, so that rounds without pauses gain little.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(110);

    /// <summary>Serves streams until there were enough of them, the budget is spent on at least one of each kind, or one of them fails.</summary>
    /// <returns>How many were served.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        int served = 0;
        try
        {
            await using ServiceProvider services = new ServiceCollection().AddLogging().AddEndpointPicker(options with { Tracing = TracingOptions.Off }, configurations).BuildServiceProvider();
            _ = services.GetRequiredService<MetricsCollector>();
            EndpointPool pool = services.GetRequiredService<ServedPools>().Default.Endpoints;
            pool.Replace([.. Enumerable.Range(1, Endpoints).Select(Describe)]);
            Ports ports = services.GetRequiredService<Ports>();
            Publish(pool);

            // One of each kind in any case: where the processor is scarce, the services alone can cost the budget, and a cold first stream even more.
            while (served < MostStreams && (time.GetElapsedTime(start) < Budget || served < WarmUpStreams.All.Count))
            {
                await ServeAsync(ports, WarmUpStreams.All[served % WarmUpStreams.All.Count]);
                served++;
                if (served % StreamsOfARound == 0 && served < MostStreams)
                {
                    await Task.Delay(Pause, time, cancellationToken);
                    Publish(pool);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop while starting.
        }
        catch (Exception e)
        {
            // Being cold is slow for a moment; not starting would be worse.
            Log.Broke(logger, e);
        }

        Log.Warm(logger, served, time.GetElapsedTime(start).TotalMilliseconds);
        return served;
    }

    // Addresses that are set aside for documentation: nobody has them, and nothing connects to them anyway.
    private static EndpointDescription Describe(int number) =>
        new("warm-up", $"endpoint-{number}", new IPEndPoint(new IPAddress([192, 0, 2, (byte)number]), 8000), new Dictionary<string, string>());

    private static async Task ServeAsync(Ports ports, byte[] stream)
    {
        DefaultHttpContext context = new();
        context.Request.Method = HttpMethods.Post;
        context.Request.Path = WarmUpStreams.Path;
        context.Request.ContentType = GrpcHeaders.ContentType;
        context.Features.Set<IRequestBodyPipeFeature>(new RequestPipe(PipeReader.Create(new(stream))));
        context.Features.Set<IHttpResponseTrailersFeature>(new Trailers());
        await ports.InvokeAsync(context);
        if (context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers.GrpcStatus != "0")
        {
            throw new InvalidOperationException("A made-up stream was not served.");
        }
    }

    private void Publish(EndpointPool pool)
    {
        foreach (Endpoint endpoint in pool.Current.Endpoints)
        {
            endpoint.Publish(new EndpointSignals { WaitingRequests = endpoint.Slot, RunningRequests = endpoint.Slot, KvCacheUsage = 0.1 }, time.GetTimestamp());
        }
    }

    private sealed record RequestPipe(PipeReader Reader) : IRequestBodyPipeFeature;

    private sealed class Trailers : IHttpResponseTrailersFeature
    {
        IHeaderDictionary IHttpResponseTrailersFeature.Trailers { get; set; } = new HeaderDictionary();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Warmed up with {Streams} made-up streams in {Milliseconds} ms", EventName = nameof(Warm))]
        public static partial void Warm(ILogger logger, int streams, double milliseconds);

        [LoggerMessage(2, LogLevel.Warning, "Warming up failed; the first requests will be slower", EventName = nameof(Broke))]
        public static partial void Broke(ILogger logger, Exception exception);
    }
}
