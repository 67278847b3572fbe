using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EndpointPicker.Grpc;

/// <summary>Kestrel as gRPC streams need it.</summary>
internal static class KestrelServerOptionsExtensions
{
    // Every new Envoy connection may bring 1,024 streams before it has read our SETTINGS; those refused become errors of its clients.
    private const int MaxStreamsPerConnection = 16_384;

    /// <summary>Takes away the limits that would cut long streams and adds the pings that find dead peers; windows and frame size stay at their defaults.</summary>
    public static void ConfigureGrpcLimits(this KestrelServerOptions options)
    {
        options.AddServerHeader = false;

        // Envoy says ":scheme: http" for a stream that its transport socket then puts into TLS.
        options.AllowAlternateSchemes = true;

        // A slow stream would take its whole connection down; a body limit would count a stream's whole life.
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxRequestBodySize = null;
        options.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
        options.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        options.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
    }
}
