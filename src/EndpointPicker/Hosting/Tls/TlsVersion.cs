using System.Security.Authentication;

namespace EndpointPicker.Hosting.Tls;

/// <summary>Reads the lowest TLS version as the reference's flag spells it.</summary>
internal static class TlsVersion
{
    /// <summary>Parses "VersionTLS10" to "VersionTLS13", case-sensitive; empty is the default, 1.2.</summary>
    /// <returns>False when the name is none of these.</returns>
    public static bool TryParse(string name, out SslProtocols protocols)
    {
#pragma warning disable SYSLIB0039, CA5397 // The operator asks for the old versions by name.
        protocols = name switch
        {
            "VersionTLS10" => SslProtocols.Tls | SslProtocols.Tls11 | SslProtocols.Tls12 | SslProtocols.Tls13,
            "VersionTLS11" => SslProtocols.Tls11 | SslProtocols.Tls12 | SslProtocols.Tls13,
            "VersionTLS12" or "" => SslProtocols.Tls12 | SslProtocols.Tls13,
            "VersionTLS13" => SslProtocols.Tls13,
            _ => SslProtocols.None,
        };
#pragma warning restore SYSLIB0039, CA5397
        return protocols != SslProtocols.None;
    }
}
