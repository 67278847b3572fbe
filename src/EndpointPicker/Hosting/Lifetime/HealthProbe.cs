using System.Net;
using System.Net.Http.Headers;
using EndpointPicker.Grpc;
using EndpointPicker.Grpc.Health;

namespace EndpointPicker.Hosting.Lifetime;

/// <summary>
/// Asks a running picker for its health, as <c>grpc.health.v1.Health/Check</c> on its health port, so that a container without a shell can be
/// probed with the one program that it has.
/// </summary>
/// <param name="address">Where to ask, <c>ip:port</c>.</param>
/// <param name="timeout">How long to wait for the answer.</param>
internal sealed class HealthProbe(string address, TimeSpan timeout)
{
    // A frame of gRPC: no compression, and a request of no bytes, which asks for the whole server.
    private static readonly byte[] Request = [0, 0, 0, 0, 0];

    /// <summary>Asks once.</summary>
    /// <returns><see langword="null"/> where the picker serves, else why not.</returns>
    public async Task<string?> AskAsync()
    {
        using HttpClient client = new() { Timeout = timeout };
        using ByteArrayContent content = new(Request);
        content.Headers.ContentType = new MediaTypeHeaderValue(GrpcHeaders.ContentType);
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri($"http://{address}/{HealthService.Name}/Check"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(request);
            byte[] body = await answer.Content.ReadAsByteArrayAsync();
            return IsServing(body) ? null : $"{address} is not serving";
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            return $"{address} does not answer: {e.Message}";
        }
    }

    // HealthCheckResponse has one field: 1, the status, as a number of one byte.
    private static bool IsServing(ReadOnlySpan<byte> frame) => frame is [_, _, _, _, _, 0x08, (byte)ServingStatus.Serving];
}
