using System.Buffers;
using System.Text;

namespace EndpointPicker.Grpc;

/// <summary>Appends protobuf fields to a buffer; nested messages are written to a buffer of their own first.</summary>
internal readonly struct WireAppender(IBufferWriter<byte> output)
{
    private const int MaxVarintBytes = 10;

    public void WriteVarint(int number, ulong value)
    {
        Append(WireType.Tag((uint)number, WireType.Varint));
        Append(value);
    }

    public void WriteBytes(int number, ReadOnlySpan<byte> bytes)
    {
        Append(WireType.Tag((uint)number, WireType.Bytes));
        Append((ulong)bytes.Length);
        output.Write(bytes);
    }

    public void WriteString(int number, string text) => WriteBytes(number, Encoding.UTF8.GetBytes(text));

    private void Append(ulong value)
    {
        Span<byte> span = output.GetSpan(MaxVarintBytes);
        int length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        output.Advance(length);
    }
}
