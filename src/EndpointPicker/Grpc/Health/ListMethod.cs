namespace EndpointPicker.Grpc.Health;

/// <summary>Answers the services that health knows by name.</summary>
internal sealed class ListMethod(HealthState state) : UnaryMethod
{
    public override string Path => $"/{HealthService.Name}/List";

    protected override GrpcStatus Answer(byte[] request, GrpcStream stream)
    {
        if (!HealthService.TryRead(request, out _))
        {
            return GrpcStatus.InvalidArgument("malformed HealthListRequest");
        }

        HealthService.WriteList(stream, state.Names, state.Current.Readiness);
        return GrpcStatus.Ok;
    }
}
