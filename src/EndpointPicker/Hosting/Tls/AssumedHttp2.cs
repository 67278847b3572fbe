using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace EndpointPicker.Hosting.Tls;

/// <summary>
/// Takes a TLS connection that negotiated no protocol for HTTP/2, the only one this port speaks: Envoy offers none unless its cluster's TLS
/// context lists it, and Envoy AI Gateway's does not.
/// </summary>
internal sealed class AssumedHttp2 : ITlsApplicationProtocolFeature
{
    private static readonly AssumedHttp2 Feature = new();

    public ReadOnlyMemory<byte> ApplicationProtocol { get; } = "h2"u8.ToArray();

    /// <summary>A middleware for between TLS and HTTP.</summary>
    public static ConnectionDelegate Before(ConnectionDelegate http) => connection =>
    {
        if (connection.Features.Get<ITlsApplicationProtocolFeature>() is not { ApplicationProtocol.IsEmpty: false })
        {
            connection.Features.Set<ITlsApplicationProtocolFeature>(Feature);
        }

        return http(connection);
    };
}
