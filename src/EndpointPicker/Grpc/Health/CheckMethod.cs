namespace EndpointPicker.Grpc.Health;

/// <summary>Answers the readiness of the moment, whatever service is asked for.</summary>
internal sealed class CheckMethod(HealthState state) : UnaryMethod
{
    public override string Path => $"/{HealthService.Name}/Check";

    protected override GrpcStatus Answer(byte[] request, GrpcStream stream)
    {
        if (!HealthService.IsRequest(request))
        {
            return GrpcStatus.InvalidArgument("malformed HealthCheckRequest");
        }

        HealthService.WriteResponse(stream, state.Current.Status);
        return GrpcStatus.Ok;
    }
}
