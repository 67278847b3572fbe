namespace EndpointPicker.Grpc.Health;

/// <summary>The statuses of grpc.health.v1 with their numbers on the wire.</summary>
internal enum ServingStatus
{
    Unknown = 0,
    Serving = 1,
    NotServing = 2,
    ServiceUnknown = 3,
}
