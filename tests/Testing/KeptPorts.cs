using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Testing;

/// <summary>
/// Ports for what is to be started again where it was. They are not among those from which the system chooses a free one, so that nobody else is given
/// one of them while it is down.
/// </summary>
public static class KeptPorts
{
    private static readonly int End = int.Parse(
        File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split('\t', StringSplitOptions.TrimEntries)[0], CultureInfo.InvariantCulture);

    /// <summary>A port on which nobody listens.</summary>
    public static int Next()
    {
        while (true)
        {
            int port = Random.Shared.Next(End / 2, End);
            using Socket probe = new(SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken; there are thousands of others.
            }
        }
    }
}
