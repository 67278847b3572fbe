using System.Net.Sockets;
using System.Text;

namespace EndpointPicker.LoadGenerator.Tests.Gateway;

/// <summary>An HTTP/1.1 client that sends the bytes that a test gives it.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RawClient> ConnectAsync(Uri address)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        return client;
    }

    public async Task SendAsync(string latin1) => await _socket.SendAsync(Encoding.Latin1.GetBytes(latin1), TestContext.Current.CancellationToken);

    /// <summary>All that comes until the server closes, which "connection: close" makes it do.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[16384];
        int read;
        while ((read = await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken)) > 0)
        {
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    public void Dispose() => _socket.Dispose();
}
