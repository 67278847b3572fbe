using System.Buffers.Binary;
using System.Numerics;

namespace EndpointPicker.ExtProc;

/// <summary>Writes protobuf fields into memory whose size was counted before.</summary>
internal ref struct WireWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    public int Written { get; private set; }

    /// <summary>Bytes that a number takes.</summary>
    public static int SizeOf(ulong value) => ((BitOperations.Log2(value | 1) * 9) + 73) / 64;

    /// <summary>Bytes that a field of one-byte tag takes whose content is <paramref name="length"/> bytes.</summary>
    public static int SizeOfField(int length) => 1 + SizeOf((uint)length) + length;

    /// <summary>Bytes of such a field, or 0 where empty content is left out.</summary>
    public static int SizeOfOptional(int length) => length == 0 ? 0 : SizeOfField(length);

    public void Number(byte tag, ulong value)
    {
        _destination[Written++] = tag;
        Varint(value);
    }

    public void Fixed64(byte tag, ulong value)
    {
        _destination[Written++] = tag;
        BinaryPrimitives.WriteUInt64LittleEndian(_destination[Written..], value);
        Written += sizeof(ulong);
    }

    /// <summary>Starts a field of bytes; <paramref name="length"/> bytes follow.</summary>
    public void Begin(byte tag, int length)
    {
        _destination[Written++] = tag;
        Varint((uint)length);
    }

    public void Field(byte tag, ReadOnlySpan<byte> content)
    {
        Begin(tag, content.Length);
        Raw(content);
    }

    public void Optional(byte tag, ReadOnlySpan<byte> content)
    {
        if (!content.IsEmpty)
        {
            Field(tag, content);
        }
    }

    public void Raw(ReadOnlySpan<byte> content)
    {
        content.CopyTo(_destination[Written..]);
        Written += content.Length;
    }

    private void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            _destination[Written++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _destination[Written++] = (byte)value;
    }
}
