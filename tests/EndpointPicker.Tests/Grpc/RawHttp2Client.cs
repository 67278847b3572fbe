using System.Net;
using System.Net.Sockets;
using System.Text;
using Testing;

namespace EndpointPicker.Tests.Grpc;

/// <summary>A client that speaks HTTP/2 frame by frame, for tests about frames.</summary>
internal sealed class RawHttp2Client : IDisposable
{
    private readonly TcpClient _tcp = new();
    private NetworkStream _stream = null!;

    public static async Task<RawHttp2Client> ConnectAsync(int port)
    {
        RawHttp2Client client = new();
        await client._tcp.ConnectAsync(IPAddress.Loopback, port);
        client._stream = client._tcp.GetStream();
        await client._stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());

        // HEADER_TABLE_SIZE 0 keeps header blocks readable; windows of 16 MiB keep flow control out of the way.
        await client.SendAsync(new RawHttp2Frame(RawHttp2Frame.Settings, 0, 0, [0, 1, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0]));
        await client.SendAsync(new RawHttp2Frame(RawHttp2Frame.WindowUpdate, 0, 0, [1, 0, 0, 0]));
        return client;
    }

    public Task SendAsync(params RawHttp2Frame[] frames) => _stream.WriteAsync(frames.SelectMany(frame => frame.ToBytes()).ToArray()).DefaultTimeout();

    /// <summary>Opens a call; its half stays open.</summary>
    public Task OpenAsync(int streamId, string path)
    {
        List<byte> block = [];
        (string Name, string Value)[] headers =
            [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"), ("content-type", "application/grpc"), ("te", "trailers")];
        foreach ((string name, string value) in headers)
        {
            block.Add(0);
            block.Add((byte)name.Length);
            block.AddRange(Encoding.ASCII.GetBytes(name));
            block.Add((byte)value.Length);
            block.AddRange(Encoding.ASCII.GetBytes(value));
        }

        return SendAsync(new RawHttp2Frame(RawHttp2Frame.Headers, 4, streamId, [.. block]));
    }

    public Task SendDataAsync(int streamId, byte[] bytes, bool end = false) => SendAsync(new RawHttp2Frame(RawHttp2Frame.Data, (byte)(end ? 1 : 0), streamId, bytes));

    public Task ResetAsync(int streamId, byte code) => SendAsync(new RawHttp2Frame(RawHttp2Frame.Reset, 0, streamId, [0, 0, 0, code]));

    /// <summary>The next frame that is not about settings, windows or liveness.</summary>
    public async Task<RawHttp2Frame> ReadFrameAsync()
    {
        while (true)
        {
            byte[] header = new byte[RawHttp2Frame.HeaderSize];
            await _stream.ReadExactlyAsync(header).DefaultTimeout();
            byte[] frame = new byte[RawHttp2Frame.HeaderSize + ((header[0] << 16) | (header[1] << 8) | header[2])];
            header.CopyTo(frame, 0);
            await _stream.ReadExactlyAsync(frame.AsMemory(RawHttp2Frame.HeaderSize)).DefaultTimeout();
            RawHttp2Frame parsed = RawHttp2Frame.ParseAll(frame).Single();
            if (parsed.Type == RawHttp2Frame.Settings && parsed.Flags == 0)
            {
                await SendAsync(new RawHttp2Frame(RawHttp2Frame.Settings, 1, 0, []));
            }
            else if (parsed.Type is not (RawHttp2Frame.Settings or RawHttp2Frame.WindowUpdate or RawHttp2Frame.Ping))
            {
                return parsed;
            }
        }
    }

    /// <summary>Reads until a frame ends the stream.</summary>
    public async Task<IReadOnlyList<RawHttp2Frame>> ReadToEndAsync(int streamId)
    {
        List<RawHttp2Frame> frames = [];
        while (true)
        {
            RawHttp2Frame frame = await ReadFrameAsync();
            Assert.Equal(streamId, frame.StreamId);
            frames.Add(frame);
            if (frame.EndsStream || frame.Type == RawHttp2Frame.Reset)
            {
                return frames;
            }
        }
    }

    public void Dispose() => _tcp.Dispose();
}
