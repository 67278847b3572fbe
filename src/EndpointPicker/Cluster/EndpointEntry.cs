namespace EndpointPicker.Cluster;

/// <summary>One endpoint of a list, as it was written: an address, or a host name that stands for several.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name, unique in the namespace.</param>
/// <param name="Host">The address or host name.</param>
/// <param name="Port">The port.</param>
/// <param name="Labels">Its labels.</param>
internal sealed record EndpointEntry(string Namespace, string Name, EndpointHost Host, int Port, IReadOnlyDictionary<string, string> Labels);
