using System.Net;
using System.Net.Sockets;

namespace EndpointPicker.DataLayer;

/// <summary>HTTP without TLS, over a non-blocking socket.</summary>
/// <remarks>
/// Synchronous calls on a non-blocking socket never reach the runtime's epoll threads or the thread pool: a fetch is one send, and one or
/// two receives at a later tick, by when the page lies in the socket's buffer. That is why it costs a fraction of what an asynchronous client does.
/// </remarks>
/// <param name="address">The server.</param>
/// <param name="request">The whole request.</param>
/// <param name="buffer">Where received bytes stand until they are read: shared by all connections of a loop.</param>
internal sealed class PlainConnection(IPEndPoint address, byte[] request, byte[] buffer) : Connection(address)
{
    // One large page must not keep the loop from the other servers: what is left waits for the next tick.
    private const int ReceivesAtOnce = 8;

    private readonly HttpAnswer _answer = new();
    private Socket? _socket;
    private Page _page = null!;
    private int _sent;
    private bool _reused;

    /// <inheritdoc/>
    public override int Status => _answer.Status;

    /// <inheritdoc/>
    public override void Begin(Page page)
    {
        _page = page;
        _answer.Begin(page);
        _sent = 0;
        Error = FetchError.None;
        _reused = _socket is not null;
        if (_reused || Connect())
        {
            Send();
        }
    }

    /// <inheritdoc/>
    public override bool Poll()
    {
        if (_socket is null)
        {
            Error = FetchError.Unreachable;
            return true;
        }

        for (int i = 0; i < ReceivesAtOnce && Error == FetchError.None; i++)
        {
            if (_sent < request.Length && !Send())
            {
                break;
            }

            int received = _socket.Receive(buffer, SocketFlags.None, out SocketError error);
            if (error is SocketError.WouldBlock or SocketError.Interrupted)
            {
                return false;
            }

            if (error != SocketError.Success)
            {
                Break();
            }
            else if (received == 0)
            {
                End();
            }
            else if (_answer.Append(buffer.AsSpan(0, received)))
            {
                continue;
            }

            if (_answer.IsComplete || _answer.Error != FetchError.None)
            {
                Error = _answer.Error;
                if (!_answer.KeepAlive)
                {
                    Close();
                }

                return true;
            }
        }

        return Error != FetchError.None;
    }

    /// <inheritdoc/>
    public override void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private bool Connect()
    {
        _socket = new Socket(Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, Blocking = false };
        try
        {
            _socket.Connect(Address);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // Under way: sending says when it has succeeded or failed.
        }
        catch (SocketException)
        {
            Fail();
            return false;
        }

        return true;
    }

    private bool Send()
    {
        int sent = _socket!.Send(request.AsSpan(_sent), SocketFlags.None, out SocketError error);
        if (error == SocketError.Success)
        {
            _sent += sent;
        }
        else if (error is not (SocketError.WouldBlock or SocketError.Interrupted))
        {
            Break();
        }

        return _sent == request.Length;
    }

    // A server may close a kept connection at any time. Then nothing of an answer has come, and asking again is safe, once.
    private void Break()
    {
        Close();
        if (_reused && !_answer.Started)
        {
            Begin(_page);
        }
        else
        {
            Fail();
        }
    }

    private void End()
    {
        if (_answer.Started)
        {
            _answer.End();
        }
        else
        {
            Break();
        }
    }

    private void Fail()
    {
        Close();
        Error = FetchError.Unreachable;
    }
}
