using System.Collections.Concurrent;
using System.Net;
using EndpointPicker.Cluster;

namespace EndpointPicker.Tests.Cluster;

/// <summary>Knows the names that a test gives it.</summary>
internal sealed class FakeHostResolver : IHostResolver
{
    private readonly ConcurrentDictionary<string, string[]> _names = new(StringComparer.Ordinal);

    public void Set(string host, params string[] addresses) => _names[host] = addresses;

    public ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_names.TryGetValue(host, out string[]? found) ? Array.ConvertAll(found, IPAddress.Parse) : []);
}
