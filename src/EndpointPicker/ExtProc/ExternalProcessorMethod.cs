using System.Buffers;
using EndpointPicker.Grpc;

namespace EndpointPicker.ExtProc;

/// <summary>
/// <c>envoy.service.ext_proc.v3.ExternalProcessor/Process</c>: pumps messages between the gRPC stream and its <see cref="Exchange"/>. All that
/// one read brought is answered before one flush.
/// </summary>
/// <param name="control">Decides.</param>
/// <param name="options">How streams are served.</param>
/// <param name="time">The clock of budgets.</param>
/// <param name="logger">Takes what goes wrong.</param>
/// <param name="drain">Cancelled when the process drains; streams that can end unharmed end then.</param>
internal sealed partial class ExternalProcessorMethod(
    IRequestControl control, ExtProcOptions options, TimeProvider time, ILogger<ExternalProcessorMethod> logger, CancellationToken drain) : GrpcMethod
{
    private readonly ExchangePool _exchanges = new(() => new Exchange(control, options, time, logger));
    private int _noted;

    public override string Path => "/envoy.service.ext_proc.v3.ExternalProcessor/Process";

    public override bool IsMeasured => true;

    public override async ValueTask<GrpcStatus> HandleAsync(GrpcStream stream)
    {
        Exchange exchange = _exchanges.Rent();
        exchange.Output.Attach(stream);
        exchange.Start(exchange.Output);
        bool endedByUs = false;
        try
        {
            await using CancellationTokenRegistration onDrain = drain.UnsafeRegister(static state => ((GrpcStream)state!).Interrupt(), stream);
            while (await stream.ReadAsync())
            {
                ExchangeStep step = await TakeAllAsync(stream, exchange);
                if (step == ExchangeStep.Invalid)
                {
                    return GrpcStatus.InvalidArgument(exchange.Fault);
                }

                exchange.IsDraining = drain.IsCancellationRequested;
                if (step == ExchangeStep.End || exchange.ShouldEnd())
                {
                    endedByUs = true;
                    return GrpcStatus.Ok;
                }

                await stream.FlushAsync(CancellationToken.None);
                exchange.Flushed();
            }

            return GrpcStatus.Ok;
        }
        finally
        {
            exchange.End(endedByUs);
            exchange.Output.Attach(null);
            _exchanges.Return(exchange);
        }
    }

    /// <summary>Lets go of the memory that is kept for streams to come.</summary>
    public void ReleaseIdle() => _exchanges.Clear();

    private async ValueTask<ExchangeStep> TakeAllAsync(GrpcStream stream, Exchange exchange)
    {
        while (stream.TryReadMessage(out ReadOnlySequence<byte> message))
        {
            ExchangeStep step = await exchange.TakeAsync(message);
            if (step != ExchangeStep.Continue)
            {
                return step;
            }
        }

        if (options.Lifetime == StreamLifetime.Headers && exchange.HasFullDuplexResponse && Interlocked.Exchange(ref _noted, 1) == 0)
        {
            Log.LifetimeIsAuto(logger);
        }

        return ExchangeStep.Continue;
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Information,
            "Response bodies are full duplex: streams live as with --stream-lifetime=auto, because ending one after the response headers would lose chunks",
            EventName = nameof(LifetimeIsAuto))]
        public static partial void LifetimeIsAuto(ILogger logger);
    }
}
