using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>The client's request body as it arrives.</summary>
internal sealed class ClientBody(HttpRequest request, CancellationToken cancellationToken)
{
    /// <summary>Whether neither body nor trailers will come.</summary>
    public bool IsEmpty { get; } = request.Headers.TransferEncoding.Count == 0 && request.ContentLength is null or 0
        && (request.ContentLength == 0 || HttpProtocol.IsHttp11(request.Protocol) || HttpProtocol.IsHttp10(request.Protocol));

    /// <summary>Trailers; known once the body has ended, null when there are none.</summary>
    public HeaderList? Trailers { get; private set; }

    /// <summary>What has arrived since the last call, and whether the body has ended with it.</summary>
    public async ValueTask<(ReadOnlyMemory<byte> Bytes, bool End)> ReadAsync() => Take(await request.BodyReader.ReadAsync(cancellationToken));

    /// <summary>As <see cref="ReadAsync"/> without waiting.</summary>
    public bool TryRead(out ReadOnlyMemory<byte> bytes, out bool end)
    {
        bytes = default;
        end = false;
        if (!request.BodyReader.TryRead(out ReadResult result))
        {
            return false;
        }

        (bytes, end) = Take(result);
        return true;
    }

    private (ReadOnlyMemory<byte> Bytes, bool End) Take(ReadResult result)
    {
        byte[] bytes = result.Buffer.ToArray();
        request.BodyReader.AdvanceTo(result.Buffer.End);
        if (result.IsCompleted && request.SupportsTrailers() && request.CheckTrailersAvailable())
        {
            ReadTrailers();
        }

        return (bytes, result.IsCompleted);
    }

    private void ReadTrailers()
    {
        IHeaderDictionary? trailers = request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestTrailersFeature>()?.Trailers;
        if (trailers is not { Count: > 0 })
        {
            return;
        }

        Trailers = new HeaderList();
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in trailers)
        {
            Trailers.Add(name.ToLowerInvariant(), values.ToString());
        }
    }
}
