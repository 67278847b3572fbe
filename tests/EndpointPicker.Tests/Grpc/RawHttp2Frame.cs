using System.Text;

namespace EndpointPicker.Tests.Grpc;

/// <summary>One HTTP/2 frame (RFC 9113 section 4.1).</summary>
internal sealed record RawHttp2Frame(byte Type, byte Flags, int StreamId, byte[] Payload)
{
    public const int HeaderSize = 9;
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte WindowUpdate = 8;

    public bool EndsStream => (Flags & 1) != 0;

    /// <summary>A header block as text: the peer is told to keep no table, so names and values stand in it as they are.</summary>
    public string Text => Encoding.Latin1.GetString(Payload);

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[HeaderSize + Payload.Length];
        bytes[0] = (byte)(Payload.Length >> 16);
        bytes[1] = (byte)(Payload.Length >> 8);
        bytes[2] = (byte)Payload.Length;
        bytes[3] = Type;
        bytes[4] = Flags;
        bytes[5] = (byte)(StreamId >> 24);
        bytes[6] = (byte)(StreamId >> 16);
        bytes[7] = (byte)(StreamId >> 8);
        bytes[8] = (byte)StreamId;
        Payload.CopyTo(bytes, HeaderSize);
        return bytes;
    }

    /// <summary>Splits bytes into whole frames; an incomplete one at the end is left out.</summary>
    public static IReadOnlyList<RawHttp2Frame> ParseAll(ReadOnlySpan<byte> bytes)
    {
        List<RawHttp2Frame> frames = [];
        while (bytes.Length >= HeaderSize)
        {
            int length = (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
            if (bytes.Length < HeaderSize + length)
            {
                break;
            }

            int streamId = (bytes[5] << 24) | (bytes[6] << 16) | (bytes[7] << 8) | bytes[8];
            frames.Add(new RawHttp2Frame(bytes[3], bytes[4], streamId, bytes.Slice(HeaderSize, length).ToArray()));
            bytes = bytes[(HeaderSize + length)..];
        }

        return frames;
    }
}
