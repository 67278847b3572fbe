using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Testing;

namespace FunctionalTests.Harness;

/// <summary>An HTTP/1.1 client on a bare socket: it can send trailers, chunks as the test cuts them, and leave in the middle.</summary>
internal sealed class RawHttpClient : IAsyncDisposable
{
    private readonly TcpClient _socket = new();
    private NetworkStream? _stream;

    public static async Task<RawHttpClient> ConnectAsync(int port)
    {
        RawHttpClient client = new();
        await client._socket.ConnectAsync(IPAddress.Loopback, port).DefaultTimeout();
        client._socket.NoDelay = true;
        client._stream = client._socket.GetStream();
        return client;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => _stream!.WriteAsync(bytes).DefaultTimeout();

    /// <summary>Sends one chunk of a chunked body.</summary>
    public async Task SendChunkAsync(ReadOnlyMemory<byte> bytes)
    {
        await SendAsync(bytes.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n");
        await SendAsync(bytes);
        await SendAsync("\r\n");
    }

    /// <summary>Reads one answer whole.</summary>
    /// <param name="toHead">Whether the request was a HEAD, whose answer has no body.</param>
    public async Task<RawAnswer> ReadAsync(bool toHead = false)
    {
        string head = await ReadHeadAsync();
        string[] lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        int status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        ILookup<string, string> headers = lines.Skip(1).Select(line => line.Split(':', 2)).ToLookup(pair => pair[0].ToLowerInvariant(), pair => pair[1].Trim());
        List<string> trailers = [];
        byte[] body = toHead || status is 204 or 304 ? []
            : headers["transfer-encoding"].Any(value => value == "chunked") ? await ReadChunksAsync(trailers)
            : headers["content-length"].FirstOrDefault() is { } length ? await ReadExactlyAsync(int.Parse(length, CultureInfo.InvariantCulture))
            : [];
        return new RawAnswer(status, headers, body) { Trailers = trailers };
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }

        _socket.Dispose();
    }

    private async Task<string> ReadHeadAsync()
    {
        List<byte> bytes = [];
        while (bytes.Count < 4 || bytes[^1] != '\n' || bytes[^2] != '\r' || bytes[^3] != '\n')
        {
            bytes.Add((await ReadExactlyAsync(1))[0]);
        }

        return Encoding.Latin1.GetString([.. bytes]);
    }

    private async Task<byte[]> ReadChunksAsync(List<string> trailers)
    {
        using MemoryStream body = new();
        while (true)
        {
            int size = int.Parse(await ReadLineAsync(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                while (await ReadLineAsync() is { Length: > 0 } line)
                {
                    trailers.Add(line);
                }

                return body.ToArray();
            }

            body.Write(await ReadExactlyAsync(size));
            await ReadLineAsync();
        }
    }

    private async Task<string> ReadLineAsync()
    {
        StringBuilder line = new();
        while (true)
        {
            char c = (char)(await ReadExactlyAsync(1))[0];
            if (c == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append(c);
        }
    }

    private async Task<byte[]> ReadExactlyAsync(int count)
    {
        byte[] bytes = new byte[count];
        await _stream!.ReadExactlyAsync(bytes).DefaultTimeout();
        return bytes;
    }
}
