using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;

namespace EndpointPicker.LoadGenerator.Client;

/// <summary>Opens ext_proc streams on one picker: gRPC by hand over <see cref="HttpClient"/>, one HTTP/2 stream a request.</summary>
public sealed class ExtProcClient : IDisposable
{
    private static readonly MediaTypeHeaderValue GrpcContentType = new("application/grpc");

    private readonly HttpMessageInvoker _invoker;
    private readonly Uri _method;

    /// <param name="address">Such as <c>http://127.0.0.1:9002</c> for h2c, or https for TLS with any certificate.</param>
    public ExtProcClient(Uri address)
    {
        _method = new Uri(address, "/envoy.service.ext_proc.v3.ExternalProcessor/Process");
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
        });
    }

    /// <summary>Starts a stream; that it failed shows when it is first used.</summary>
    public ExtProcStream Open(CancellationToken cancellationToken)
    {
        var content = new DuplexContent();
        content.Headers.ContentType = GrpcContentType;
        var request = new HttpRequestMessage(HttpMethod.Post, _method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        return new ExtProcStream(_invoker, request, content, cancellationToken);
    }

    public void Dispose() => _invoker.Dispose();
}
