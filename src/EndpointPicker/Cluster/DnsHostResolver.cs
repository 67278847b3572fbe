using System.Net;
using System.Net.Sockets;

namespace EndpointPicker.Cluster;

/// <summary>Asks the system's resolver.</summary>
internal sealed class DnsHostResolver : IHostResolver
{
    public async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
