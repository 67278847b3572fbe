using System.Buffers;

namespace EndpointPicker.Grpc.Health;

/// <summary>Sends the status of a service and each change of it, until the client leaves or the process stops.</summary>
internal sealed class WatchMethod(HealthState state) : GrpcMethod
{
    public override string Path => $"/{HealthService.Name}/Watch";

    public override async ValueTask<GrpcStatus> HandleAsync(GrpcStream stream)
    {
        if (!await stream.ReadAsync() || !stream.TryReadMessage(out ReadOnlySequence<byte> request))
        {
            return GrpcStatus.Unimplemented("no request message");
        }

        return HealthService.TryRead(request.ToArray(), out string service) ? await WatchAsync(stream, service) : GrpcStatus.InvalidArgument("malformed HealthCheckRequest");
    }

    private async ValueTask<GrpcStatus> WatchAsync(GrpcStream stream, string service)
    {
        CancellationToken aborted = stream.Aborted;
        ServingStatus? sent = null;
        while (true)
        {
            HealthSnapshot current = state.Current;
            if (current.Stopped)
            {
                return GrpcStatus.Unavailable;
            }

            ServingStatus status = state.Names.Status(service, current.Readiness);
            if (status != sent)
            {
                sent = status;
                HealthService.WriteResponse(stream, status);
                await stream.FlushAsync(aborted);
            }

            await current.Replaced.WaitAsync(aborted);
        }
    }
}
