namespace FunctionalTests.Harness;

/// <summary>A request as it reached a model server.</summary>
internal sealed record ReceivedRequest(
    string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body, IReadOnlyDictionary<string, string> Trailers)
{
    /// <summary>The destination that the picker chose, as the proxy passes it on.</summary>
    public string? Destination => Headers.GetValueOrDefault("x-gateway-destination-endpoint");
}
