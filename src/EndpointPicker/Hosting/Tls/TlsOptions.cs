using System.Net.Security;
using System.Security.Authentication;

namespace EndpointPicker.Hosting.Tls;

/// <summary>What a port takes: TLS, plaintext HTTP/2 or both, and how TLS is spoken.</summary>
internal sealed record TlsOptions
{
    /// <summary>Whether TLS is taken; without it a ClientHello is refused.</summary>
    /// <value>True.</value>
    public bool Secure { get; init; } = true;

    /// <summary>Whether plaintext HTTP/2 is taken.</summary>
    /// <value>True.</value>
    /// <remarks>Only counts where <see cref="Secure"/> is set: a port that takes neither would serve nobody.</remarks>
    public bool AllowPlaintext { get; init; } = true;

    /// <summary>The versions of TLS.</summary>
    /// <value>1.2 and 1.3.</value>
    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>The cipher suites, or null for those of the platform.</summary>
    /// <value>Null.</value>
    public CipherSuitesPolicy? CipherSuites { get; init; }

    /// <summary>How long a new connection may take to send its first byte, and then to finish the handshake.</summary>
    /// <value>10 s.</value>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
