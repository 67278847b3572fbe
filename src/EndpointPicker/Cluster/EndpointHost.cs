using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace EndpointPicker.Cluster;

/// <summary>Where an endpoint is: an IP address, or a host name to look up.</summary>
/// <param name="Text">The text as written, brackets removed.</param>
/// <param name="Address">The address; <see langword="null"/> for a host name.</param>
internal sealed record EndpointHost(string Text, IPAddress? Address)
{
    public static bool TryParse(string text, [NotNullWhen(true)] out EndpointHost? host)
    {
        host = null;
        string bare = text is ['[', .., ']'] ? text[1..^1] : text;
        if (IPAddress.TryParse(bare, out IPAddress? address))
        {
            // The framework also takes 10.1 and 0x7f.1 for addresses, which nobody writes on purpose.
            bool exact = address.AddressFamily == AddressFamily.InterNetworkV6
                ? address.ScopeId == 0
                : bare.Length == text.Length && address.ToString() == bare;
            host = exact ? new EndpointHost(bare, address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address) : null;
        }
        else if (bare.Length == text.Length && Uri.CheckHostName(bare) == UriHostNameType.Dns && !LooksLikeAnAddress(bare))
        {
            host = new EndpointHost(bare, null);
        }

        return host is not null;
    }

    private static bool LooksLikeAnAddress(string name) => name.TrimEnd('.').Split('.')[^1].All(char.IsAsciiDigit);
}
