using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace EndpointPicker.DataLayer;

/// <summary>
/// HTTP over TLS. A fetch runs as a task of its own, because <see cref="SslStream"/> knows no other way; polling only looks whether it has
/// ended. While the task runs it alone touches the socket and the page; closing cancels it, and it has ended when polling says so.
/// </summary>
/// <param name="address">The server.</param>
/// <param name="request">The whole request.</param>
/// <param name="options">Which certificates count.</param>
internal sealed class TlsConnection(IPEndPoint address, byte[] request, SslClientAuthenticationOptions options) : Connection(address)
{
    private readonly HttpAnswer _answer = new();
    private readonly byte[] _buffer = new byte[16 * 1024];
    private CancellationTokenSource _cancel = new();
    private SslStream? _stream;
    private Task _fetch = Task.CompletedTask;

    /// <inheritdoc/>
    public override int Status => _answer.Status;

    /// <inheritdoc/>
    public override void Begin(Page page)
    {
        if (_cancel.IsCancellationRequested)
        {
            _cancel.Dispose();
            _cancel = new CancellationTokenSource();
        }

        Error = FetchError.None;
        _fetch = FetchAsync(page, _cancel.Token);
    }

    /// <inheritdoc/>
    public override bool Poll()
    {
        if (!_fetch.IsCompleted)
        {
            return false;
        }

        _fetch.GetAwaiter().GetResult();
        return true;
    }

    /// <inheritdoc/>
    public override void Close()
    {
        if (_fetch.IsCompleted)
        {
            Drop();
        }
        else
        {
            _cancel.Cancel();
        }
    }

    private async Task FetchAsync(Page page, CancellationToken cancel)
    {
        bool reused = _stream is not null;
        try
        {
            Error = await TryFetchAsync(page, cancel);
            if (Error == FetchError.Unreachable && reused && !_answer.Started && !cancel.IsCancellationRequested)
            {
                Drop();
                Error = await TryFetchAsync(page, cancel);
            }
        }
        finally
        {
            if (Error != FetchError.None || !_answer.KeepAlive)
            {
                Drop();
            }
        }
    }

    private async Task<FetchError> TryFetchAsync(Page page, CancellationToken cancel)
    {
        _answer.Begin(page);
        try
        {
            _stream ??= await ConnectAsync(cancel);
            await _stream.WriteAsync(request, cancel);
            int received;
            do
            {
                received = await _stream.ReadAsync(_buffer, cancel);
                if (received == 0)
                {
                    _answer.End();
                }
            }
            while (received > 0 && _answer.Append(_buffer.AsSpan(0, received)));
            return _answer.Error;
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException)
        {
            return FetchError.Unreachable;
        }
    }

    private async Task<SslStream> ConnectAsync(CancellationToken cancel)
    {
        Socket socket = new(Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? stream = null;
        try
        {
            await socket.ConnectAsync(Address, cancel);
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(options, cancel);
            return stream;
        }
        catch
        {
            stream?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    private void Drop()
    {
        _stream?.Dispose();
        _stream = null;
    }
}
