namespace EndpointPicker.Grpc.Health;

/// <summary>
/// What the service names of health ask for: <c>liveness</c> whether the process lives, which it does where it answers, and every other name
/// whether it should get traffic.
/// </summary>
/// <param name="knownOnly">Whether a name beyond the known ones is unknown, as with leader election, and does not ask for readiness.</param>
internal sealed class HealthNames(bool knownOnly)
{
    private const string Processor = "envoy.service.ext_proc.v3.ExternalProcessor";
    private const string Readiness = "readiness";
    private const string Liveness = "liveness";

    /// <summary>The names of the list.</summary>
    public IReadOnlyList<string> Listed { get; } = knownOnly ? [Processor, Liveness, Readiness] : [Processor];

    /// <summary>The status of a name.</summary>
    /// <param name="name">What was asked for.</param>
    /// <param name="readiness">The readiness of the moment.</param>
    public ServingStatus Status(string name, ServingStatus readiness) => name switch
    {
        Liveness => ServingStatus.Serving,
        "" or Readiness or Processor => readiness,
        _ => knownOnly ? ServingStatus.ServiceUnknown : readiness,
    };
}
