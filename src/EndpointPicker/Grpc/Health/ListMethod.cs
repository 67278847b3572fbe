namespace EndpointPicker.Grpc.Health;

/// <summary>Answers the services that health knows by name.</summary>
internal sealed class ListMethod(HealthState state) : UnaryMethod
{
    public override string Path => $"/{HealthService.Name}/List";

    protected override GrpcStatus Answer(byte[] request, GrpcStream stream)
    {
        if (!HealthService.IsRequest(request))
        {
            return GrpcStatus.InvalidArgument("malformed HealthListRequest");
        }

        HealthService.WriteList(stream, state.Current.Status);
        return GrpcStatus.Ok;
    }
}
