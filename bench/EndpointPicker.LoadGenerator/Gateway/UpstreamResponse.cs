using Microsoft.AspNetCore.Http;

namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>What came back for a request: a host's answer, or the gateway's own. Disposing it gives the connection back.</summary>
internal sealed class UpstreamResponse : IAsyncDisposable
{
    private HttpResponseMessage? _message;
    private Action? _release;

    public required int Status { get; init; }

    public required HeaderList Headers { get; init; }

    public required Stream Body { get; init; }

    /// <summary>Whether neither body nor trailers will come.</summary>
    public required bool IsEmpty { get; init; }

    public string Details { get; init; } = "via_upstream";

    public int Flags { get; init; }

    public string? Served { get; init; }

    public int Attempts { get; init; }

    /// <summary>Trailers; complete once the body is read.</summary>
    public HeaderList? Trailers
    {
        get
        {
            if (_message is null || !_message.TrailingHeaders.Any())
            {
                return null;
            }

            var trailers = new HeaderList();
            foreach ((string name, IEnumerable<string> values) in _message.TrailingHeaders)
            {
                trailers.Add(name.ToLowerInvariant(), string.Join(", ", values));
            }

            return trailers;
        }
    }

    public static async Task<UpstreamResponse> FromAsync(
        HttpResponseMessage message, string host, int attempts, Action release, CancellationToken cancellationToken)
    {
        var headers = new HeaderList();
        headers.Add(":status", $"{(int)message.StatusCode}");
        foreach ((string name, IEnumerable<string> values) in message.Headers.NonValidated.Concat(message.Content.Headers.NonValidated)
            .Select(header => (header.Key, (IEnumerable<string>)header.Value)))
        {
            string lower = name.ToLowerInvariant();
            if (lower is "connection" or "keep-alive" or "transfer-encoding" or "proxy-connection" or "upgrade")
            {
                continue;
            }

            foreach (string value in values)
            {
                headers.Add(lower, value);
            }
        }

        int status = (int)message.StatusCode;
        return new UpstreamResponse
        {
            _message = message,
            _release = release,
            Status = status,
            Headers = headers,
            Body = await message.Content.ReadAsStreamAsync(cancellationToken),
            IsEmpty = message.RequestMessage?.Method == HttpMethod.Head || status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified
                || message.Content.Headers.ContentLength == 0,
            Served = host,
            Attempts = attempts,
        };
    }

    public static UpstreamResponse From(LocalReply reply, string? served = null, int attempts = 0)
    {
        var headers = new HeaderList();
        headers.Add(":status", $"{reply.Status}");
        foreach ((string name, string value) in reply.Headers.Lines)
        {
            headers.Set(name, value);
        }

        return new UpstreamResponse
        {
            Status = reply.Status,
            Headers = headers,
            Body = new MemoryStream(reply.Body.ToArray()),
            IsEmpty = reply.Body.IsEmpty,
            Details = reply.Details,
            Flags = reply.Flags,
            Served = served,
            Attempts = attempts,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Body.DisposeAsync();
        _message?.Dispose();
        _release?.Invoke();
        _release = null;
    }
}
