using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;

namespace EndpointPicker.Cluster.Api;

/// <summary>
/// Sends requests to the API server, over one HTTP/2 connection where the server has that. Refusals are answers; only a server that does not answer throws.
/// </summary>
internal sealed partial class ApiClient : IDisposable
{
    // Larger than any object; lists are read in pages and as they arrive.
    private const int MaxBody = 64 * 1024 * 1024;

    // New connections see rotated certificates and servers that have joined behind a balancer; a watch ends its own connection in peace.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    // Enough for most events at once, and not held while nothing comes.
    private static readonly StreamPipeReaderOptions Reading = new(bufferSize: 32 * 1024, minimumReadSize: 4 * 1024, useZeroByteReads: true);

    private readonly ApiClientOptions _options;
    private readonly TimeProvider _time;
    private readonly BearerToken _token;
    private readonly ApiConnector _connector;
    private readonly string _address;
    private volatile HttpMessageInvoker _transport;

    public ApiClient(ClusterAccess access, ApiClientOptions options, TimeProvider time, ILogger<ApiClient> logger)
    {
        Source = access.Source;
        _options = options;
        _time = time;
        _token = new BearerToken(access.Credentials, time, logger);
        _connector = new ApiConnector(access);
        _address = access.Server.AbsoluteUri.TrimEnd('/');
        _transport = Transport();
        if (access.Trust.SkipVerification)
        {
            Log.Unverified(logger, _address, access.Source);
        }

        if (access.Server is { Scheme: "http", IsLoopback: false } && access.Credentials is not { Token: null, TokenFile: null })
        {
            Log.Unencrypted(logger, _address, access.Source);
        }
    }

    /// <summary>Where the way to the server and the credentials come from, for messages.</summary>
    public string Source { get; }

    /// <summary>Whether a dead connection shows by itself: over HTTP/2 it is probed.</summary>
    public bool IsProbed { get; private set; }

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <param name="method">The method; the body of a <c>PATCH</c> is a JSON merge patch.</param>
    /// <param name="path">The path below the server's address, with its query.</param>
    /// <param name="body">JSON, or nothing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ApiUnreachableException">There is no answer.</exception>
    public async ValueTask<ApiAnswer> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using RequestBudget budget = Budget(cancellationToken);
        try
        {
            using HttpResponseMessage response = await ExchangeAsync(method, path, body, budget.Token);
            return await ReadAsync(response, budget.Token);
        }
        catch (Exception broken) when (TransportFailure.Is(broken) && !cancellationToken.IsCancellationRequested)
        {
            throw Unreachable(method, path, broken);
        }
    }

    /// <summary>Sends a <c>GET</c> whose answer is read as it arrives; reading it is the caller's to bound.</summary>
    /// <param name="path">The path below the server's address, with its query.</param>
    /// <param name="cancellationToken">Ends the wait for the answer's head.</param>
    /// <exception cref="ApiUnreachableException">There is no answer.</exception>
    public async ValueTask<ApiStream> OpenAsync(string path, CancellationToken cancellationToken)
    {
        using RequestBudget budget = Budget(cancellationToken);
        HttpResponseMessage? response = null;
        try
        {
            response = await ExchangeAsync(HttpMethod.Get, path, default, budget.Token);
            IsProbed = response.Version.Major >= 2;
            if (!response.IsSuccessStatusCode)
            {
                return new ApiStream(await ReadAsync(response, budget.Token));
            }

            ApiStream stream = new(response, PipeReader.Create(await response.Content.ReadAsStreamAsync(budget.Token), Reading));
            response = null;
            return stream;
        }
        catch (Exception broken) when (TransportFailure.Is(broken) && !cancellationToken.IsCancellationRequested)
        {
            throw Unreachable(HttpMethod.Get, path, broken);
        }
        finally
        {
            response?.Dispose();
        }
    }

    /// <summary>A token that ends with the given one, or when a request has taken as long as it may.</summary>
    public RequestBudget Budget(CancellationToken cancellationToken) => new(_options.RequestTimeout, _time, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private static async ValueTask<ApiAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using MemoryStream body = new((int)Math.Clamp(response.Content.Headers.ContentLength ?? 0, 0, MaxBody));
        byte[] piece = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(piece, cancellationToken)) > 0)
        {
            if (body.Length + read > MaxBody)
            {
                throw new InvalidDataException("the answer is larger than 64 MiB");
            }

            body.Write(piece, 0, read);
        }

        return ApiAnswer.Read((int)response.StatusCode, body.ToArray(), response.Headers.RetryAfter?.Delta);
    }

    private async ValueTask<HttpResponseMessage> ExchangeAsync(HttpMethod method, string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        string? token = _token.Current;
        HttpMessageInvoker transport = _transport;
        HttpResponseMessage response;
        try
        {
            response = await SendOnceAsync(transport, method, path, body, token, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Abandon(transport);
            throw;
        }

        bool newIdentity = response.StatusCode == HttpStatusCode.Unauthorized && _connector.HasNewIdentity();
        if (newIdentity)
        {
            Abandon(transport);
        }

        if (newIdentity || (response.StatusCode == HttpStatusCode.Unauthorized && _token.Renew(token)))
        {
            response.Dispose();
            response = await SendOnceAsync(_transport, method, path, body, _token.Current, cancellationToken);
        }

        return response;
    }

    // What did not answer in time may be a dead connection: the next request should not wait until probes have found that out. Watches may go on over the
    // old one, which is probed as long as they do and closes itself after them; so it is not disposed.
    private void Abandon(HttpMessageInvoker transport)
    {
        HttpMessageInvoker fresh = Transport();
        if (Interlocked.CompareExchange(ref _transport, fresh, transport) != transport)
        {
            fresh.Dispose();
        }
    }

    private async ValueTask<HttpResponseMessage> SendOnceAsync(
        HttpMessageInvoker transport, HttpMethod method, string path, ReadOnlyMemory<byte> body, string? token, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, _address + path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.UserAgent.ParseAdd(_options.UserAgent);
        request.Headers.Accept.ParseAdd("application/json");
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (!body.IsEmpty)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        }

        return await transport.SendAsync(request, cancellationToken);
    }

    private ApiUnreachableException Unreachable(HttpMethod method, string path, Exception broken)
    {
        string reason = broken is OperationCanceledException ? $"no answer within {_options.RequestTimeout.TotalSeconds:0.#} s" : TransportFailure.Reason(broken);

        // Without the query: a watch has other numbers there each time, and the same failure should read the same.
        return new ApiUnreachableException($"The API server cannot be reached: {method} {_address}{path.Split('?')[0]}: {reason}", broken);
    }

    private HttpMessageInvoker Transport() => new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        ConnectCallback = _connector.ConnectAsync,
        ConnectTimeout = _options.ConnectTimeout,
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = _options.Probe,
        KeepAlivePingTimeout = _options.Probe,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        PooledConnectionLifetime = ConnectionLifetime,
        UseCookies = false,
        UseProxy = false,
    });

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The certificate of {Server} is not verified: {Source} sets insecure-skip-tls-verify. Anybody on the way can read the credentials.", EventName = nameof(Unverified))]
        public static partial void Unverified(ILogger logger, string server, string source);

        [LoggerMessage(2, LogLevel.Warning, "The token of {Source} is sent to {Server} unencrypted. Use an https address.", EventName = nameof(Unencrypted))]
        public static partial void Unencrypted(ILogger logger, string server, string source);
    }
}
