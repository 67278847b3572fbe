using System.Net;
using System.Net.Sockets;

namespace Testing;

/// <summary>
/// Forwards TCP connections to a server until told to spoil them: reset them, refuse new ones, or let nothing more through in either direction while
/// they stay open.
/// </summary>
public sealed class CuttableProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly IPEndPoint _target;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;

    // Protects the fields below.
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _open = [];
    private readonly HashSet<Socket> _stalled = [];
    private TaskCompletionSource _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _refusing;

    /// <summary>Forwards to a port of this machine.</summary>
    /// <param name="targetPort">The port.</param>
    public CuttableProxy(int targetPort)
    {
        _target = new IPEndPoint(IPAddress.Loopback, targetPort);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>How many connections were forwarded.</summary>
    public int Connections { get; private set; }

    /// <summary>How many bytes came from the server.</summary>
    public long BytesFromServer { get; private set; }

    /// <summary>Completes when the next connection comes.</summary>
    public Task NextConnection
    {
        get
        {
            lock (_gate)
            {
                return _accepted.Task;
            }
        }
    }

    /// <summary>Resets all connections, as a machine does that lost its state.</summary>
    public void Reset()
    {
        Socket[] open;
        lock (_gate)
        {
            open = [.. _open];
            _open.Clear();
        }

        foreach (Socket socket in open)
        {
            Reset(socket);
        }
    }

    /// <summary>From now on, resets each new connection at once, or no longer does.</summary>
    public void Refuse(bool refuse)
    {
        lock (_gate)
        {
            _refusing = refuse;
        }
    }

    /// <summary>Lets no more byte of the open connections through, though they stay open, as when a cable is pulled; new ones are not touched.</summary>
    public void Stall()
    {
        lock (_gate)
        {
            _stalled.UnionWith(_open);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        Reset();
        await _accepting.DefaultTimeout();
        _end.Dispose();
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Closed by its own end meanwhile.
        }

        socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptAsync(_end.Token);
            }
            catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = ForwardAsync(client);
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        Socket server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        lock (_gate)
        {
            if (_refusing || _end.IsCancellationRequested)
            {
                Reset(client);
                server.Dispose();
                return;
            }

            _open.Add(client);
            _open.Add(server);
            Connections++;
            _accepted.TrySetResult();
            _accepted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            await server.ConnectAsync(_target, _end.Token);
            await Task.WhenAll(CopyAsync(client, server, fromServer: false), CopyAsync(server, client, fromServer: true));
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            Reset(client);
            Reset(server);
        }
        finally
        {
            client.Dispose();
            server.Dispose();
            lock (_gate)
            {
                _open.Remove(client);
                _open.Remove(server);
                _stalled.Remove(client);
                _stalled.Remove(server);
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool fromServer)
    {
        byte[] buffer = new byte[32 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer, _end.Token)) > 0)
            {
                bool stalled;
                lock (_gate)
                {
                    stalled = _stalled.Contains(from);
                    BytesFromServer += fromServer ? read : 0;
                }

                if (stalled)
                {
                    continue;
                }

                for (int sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _end.Token);
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The other direction ends with it.
            Reset(from);
            Reset(to);
        }
    }
}
