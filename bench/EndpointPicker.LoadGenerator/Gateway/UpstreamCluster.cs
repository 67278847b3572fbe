using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>The model servers behind the gateway: chooses the host of each attempt as Envoy's policies do, within the breaker's limits.</summary>
internal sealed class UpstreamCluster : IDisposable
{
    private readonly GatewayOptions _options;
    private readonly CircuitBreaker _breaker;
    private readonly HttpMessageInvoker _client;
    private int _next;

    public UpstreamCluster(GatewayOptions options, CircuitBreaker breaker)
    {
        _options = options;
        _breaker = breaker;
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(1),
            ConnectCallback = ConnectAsync,

            // A client that leaves must be seen by the model server at once.
            MaxResponseDrainSize = 0,
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        });
    }

    /// <summary>Sends the request to the picker's choice, then to what may take its place.</summary>
    public async Task<UpstreamResponse> SendAsync(HeaderList headers, RequestBody body, string? picked, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> choices = Choices(picked);
        string? host = null;
        for (int attempt = 1; ; attempt++)
        {
            bool last = attempt > _options.Retries;
            host = HostOf(choices, attempt - 1);
            if (host is null)
            {
                return UpstreamResponse.From(LocalReply.Text(503, "no healthy upstream", "no_healthy_upstream", LocalReply.NoHealthyUpstream), null, attempt - 1);
            }

            if (!await _breaker.AcquireAsync(host, cancellationToken))
            {
                return UpstreamResponse.From(LocalReply.Overflow(), host, attempt);
            }

            UpstreamResponse response = await TryHostAsync(headers, body, host, attempt, cancellationToken);
            bool retriable = response.Flags == LocalReply.UpstreamConnectionFailure || (response.Flags == 0 && response.Status == 503);
            if (last || !retriable || !body.CanReplay)
            {
                return response;
            }

            await response.DisposeAsync();
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<UpstreamResponse> TryHostAsync(HeaderList headers, RequestBody body, string host, int attempt, CancellationToken cancellationToken)
    {
        bool handedOver = false;
        using HttpRequestMessage request = CreateRequest(headers, body, host);
        try
        {
            TrailerStream.Expect(body);
            HttpResponseMessage message = await _client.SendAsync(request, cancellationToken);
            UpstreamResponse response = await UpstreamResponse.FromAsync(message, host, attempt, () => _breaker.Release(host), cancellationToken);
            handedOver = true;
            return response;
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError is HttpRequestError.ConnectionError)
        {
            return UpstreamResponse.From(
                LocalReply.Reset("remote connection failure", "remote_connection_failure", LocalReply.UpstreamConnectionFailure), host, attempt);
        }
        catch (HttpRequestException)
        {
            return UpstreamResponse.From(
                LocalReply.Reset("connection termination", "connection_termination", LocalReply.UpstreamConnectionTermination), host, attempt);
        }
        finally
        {
            if (!handedOver)
            {
                _breaker.Release(host);
            }
        }
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new TrailerStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static HttpRequestMessage CreateRequest(HeaderList headers, RequestBody body, string host)
    {
        // The path is taken as it is: Uri would fold dots and escapes.
        var target = new Uri($"http://{host}{headers[":path"]}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(headers[":method"]!), target) { Version = HttpVersion.Version11, Content = body.CreateContent() };
        foreach ((string name, string value) in headers.Lines)
        {
            if (name.StartsWith(':') || name is "transfer-encoding" or "content-length" or "te")
            {
                continue;
            }

            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content ??= new ByteArrayContent([]);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        request.Headers.Host = headers[":authority"];
        return request;
    }

    private IReadOnlyList<string> Choices(string? picked)
    {
        if (picked is null)
        {
            return [];
        }

        return _options.Destination == DestinationSource.OriginalDestination
            ? [picked]
            : [.. picked.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(_options.Endpoints.Contains)];
    }

    private string? HostOf(IReadOnlyList<string> choices, int attempt)
    {
        if (_options.Destination == DestinationSource.OriginalDestination)
        {
            return choices is [{ } only] && IPEndPoint.TryParse(only, out IPEndPoint? address) && address.Port != 0 ? only : null;
        }

        if (attempt < choices.Count)
        {
            return choices[attempt];
        }

        if (_options.Endpoints.Count == 0)
        {
            return null;
        }

        int start = Interlocked.Increment(ref _next) & int.MaxValue;
        if (_options.Processor is null)
        {
            return _options.Endpoints[start % _options.Endpoints.Count];
        }

        // The least busy, beginning with another host each time.
        return Enumerable.Range(0, _options.Endpoints.Count).Select(i => _options.Endpoints[(start + i) % _options.Endpoints.Count]).MinBy(_breaker.ActiveOn);
    }
}
