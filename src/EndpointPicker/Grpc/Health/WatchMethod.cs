using System.Buffers;

namespace EndpointPicker.Grpc.Health;

/// <summary>Sends the readiness and each change of it, until the client leaves or the process stops.</summary>
internal sealed class WatchMethod(HealthState state) : GrpcMethod
{
    public override string Path => $"/{HealthService.Name}/Watch";

    public override async ValueTask<GrpcStatus> HandleAsync(GrpcStream stream)
    {
        if (!await stream.ReadAsync() || !stream.TryReadMessage(out ReadOnlySequence<byte> request))
        {
            return GrpcStatus.Unimplemented("no request message");
        }

        return HealthService.IsRequest(request.ToArray()) ? await WatchAsync(stream) : GrpcStatus.InvalidArgument("malformed HealthCheckRequest");
    }

    private async ValueTask<GrpcStatus> WatchAsync(GrpcStream stream)
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

            if (current.Status != sent)
            {
                sent = current.Status;
                HealthService.WriteResponse(stream, current.Status);
                await stream.FlushAsync(aborted);
            }

            await current.Replaced.WaitAsync(aborted);
        }
    }
}
