using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using Google.Protobuf;
using Grpc.Health.V1;
using Testing;

namespace FunctionalTests.Process;

/// <summary>Unary gRPC calls to one port, in plaintext or over TLS with any certificate, by the box's own HTTP/2.</summary>
internal sealed class GrpcClient : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly string _address;

    public GrpcClient(int port, bool tls = false)
    {
        _address = $"{(tls ? "https" : "http")}://127.0.0.1:{port}";
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    Subject = certificate?.Subject;
                    return certificate is not null;
                },
            },
        });
    }

    /// <summary>Whom the certificate of the last connection names.</summary>
    public string? Subject { get; private set; }

    /// <summary>Asks for the health of a service.</summary>
    public async Task<HealthCheckResponse.Types.ServingStatus> HealthAsync(string service = "")
    {
        (int status, byte[] answer) = await CallAsync("/grpc.health.v1.Health/Check", new HealthCheckRequest { Service = service });
        return status == 0 ? HealthCheckResponse.Parser.ParseFrom(answer).Status : throw new InvalidOperationException($"health answered grpc-status {status}");
    }

    /// <summary>Sends one message and takes the first answer.</summary>
    /// <returns>The gRPC status, and the answer's bytes; empty where there is none.</returns>
    public async Task<(int Status, byte[] Answer)> CallAsync(string path, IMessage message)
    {
        byte[] frame = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - 5);
        message.WriteTo(frame.AsSpan(5));
        ByteArrayContent content = new(frame);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using HttpRequestMessage request = new(HttpMethod.Post, _address + path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        using HttpResponseMessage answer = await _invoker.SendAsync(request, TestContext.Current.CancellationToken).DefaultTimeout();
        byte[] body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken).DefaultTimeout();
        HttpHeaders last = answer.TrailingHeaders.Contains("grpc-status") ? answer.TrailingHeaders : answer.Headers;
        int status = int.Parse(last.GetValues("grpc-status").Single(), CultureInfo.InvariantCulture);
        return (status, body.Length < 5 ? [] : body[5..(5 + BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(1)))]);
    }

    public void Dispose() => _invoker.Dispose();
}
