namespace EndpointPicker.Grpc.Health;

/// <summary>Answers the status of the moment of the service that is asked for.</summary>
internal sealed class CheckMethod(HealthState state) : UnaryMethod
{
    public override string Path => $"/{HealthService.Name}/Check";

    protected override GrpcStatus Answer(byte[] request, GrpcStream stream)
    {
        if (!HealthService.TryRead(request, out string service))
        {
            return GrpcStatus.InvalidArgument("malformed HealthCheckRequest");
        }

        HealthService.WriteResponse(stream, state.Names.Status(service, state.Current.Readiness));
        return GrpcStatus.Ok;
    }
}
