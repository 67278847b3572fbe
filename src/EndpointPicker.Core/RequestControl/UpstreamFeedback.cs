namespace EndpointPicker.Core.RequestControl;

/// <summary>What the proxy tells of its attempt to reach the model server.</summary>
/// <param name="Served">The endpoint that served, <c>ip:port</c>; empty where the proxy does not say or none did.</param>
/// <param name="Flags">Envoy's response flags as a number; 0 where the server itself answered or the proxy does not say.</param>
/// <param name="Attempts">How many attempts were made; 0 where the proxy does not say.</param>
public readonly record struct UpstreamFeedback(ReadOnlyMemory<byte> Served, ulong Flags, int Attempts);
