using System.Buffers;
using System.Buffers.Binary;

namespace EndpointPicker.Grpc;

/// <summary>The five bytes before each message: the compression flag and the length, big-endian.</summary>
internal readonly record struct FramePrefix(byte Flag, uint Length)
{
    public const int Size = 5;

    public const byte Plain = 0;

    public const byte Compressed = 1;

    /// <summary>Reads the prefix at the start of a buffer; false while fewer than five bytes are there.</summary>
    public static bool TryRead(in ReadOnlySequence<byte> buffer, out FramePrefix prefix)
    {
        ReadOnlySpan<byte> first = buffer.FirstSpan;
        if (first.Length >= Size)
        {
            prefix = Parse(first);
            return true;
        }

        if (buffer.Length < Size)
        {
            prefix = default;
            return false;
        }

        Span<byte> gathered = stackalloc byte[Size];
        buffer.Slice(0, Size).CopyTo(gathered);
        prefix = Parse(gathered);
        return true;
    }

    /// <summary>Writes the prefix of an uncompressed message.</summary>
    public static void WritePlain(IBufferWriter<byte> output, int length)
    {
        Span<byte> span = output.GetSpan(Size);
        span[0] = Plain;
        BinaryPrimitives.WriteUInt32BigEndian(span[1..], (uint)length);
        output.Advance(Size);
    }

    private static FramePrefix Parse(ReadOnlySpan<byte> bytes) => new(bytes[0], BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]));
}
