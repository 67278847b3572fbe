namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>One line of the gateway's access log.</summary>
/// <param name="RequestId">The x-request-id that the picker saw.</param>
/// <param name="Status">The status that the client got.</param>
/// <param name="Details">Envoy's response code details.</param>
/// <param name="Picked">What the picker named, as it named it; null when it named nothing.</param>
/// <param name="Served">The host that answered or was tried last; null when none was.</param>
/// <param name="Attempts">How many upstream attempts were made.</param>
/// <param name="Decision">From the first message to the answer that let the request go on.</param>
public sealed record GatewayRecord(string RequestId, int Status, string Details, string? Picked, string? Served, int Attempts, TimeSpan Decision)
{
    /// <summary>What the picker did that the protocol does not allow, whether Envoy minds or not.</summary>
    public IReadOnlyList<string> Violations { get; init; } = [];
}
