using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;

namespace EndpointPicker.Tests.Grpc;

/// <summary>A gRPC client on the box's own HttpClient; an opinion on HTTP/2 that is not the server's.</summary>
internal sealed class GrpcTestClient(int port, SslClientAuthenticationOptions? tls = null) : IDisposable
{
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler { SslOptions = tls ?? new SslClientAuthenticationOptions() });

    public GrpcTestCall Start(string path, Action<HttpRequestMessage>? change = null)
    {
        GrpcTestCall.RequestContent content = new();
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        HttpRequestMessage request = new(HttpMethod.Post, $"{(tls is null ? "http" : "https")}://localhost:{port}{path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        change?.Invoke(request);
        CancellationTokenSource cancel = new();
        return new GrpcTestCall(_invoker.SendAsync(request, cancel.Token), content, cancel);
    }

    /// <summary>Sends raw request bytes, ends its half and reads the answer to its end.</summary>
    public async Task<GrpcTestAnswer> SendAsync(string path, byte[] bytes, Action<HttpRequestMessage>? change = null)
    {
        using GrpcTestCall call = Start(path, change);
        await call.SendRawAsync(bytes);
        await call.CompleteAsync();
        return await call.ReadToEndAsync();
    }

    public void Dispose() => _invoker.Dispose();
}
