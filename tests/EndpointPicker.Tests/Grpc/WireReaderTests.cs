using System.Buffers;
using EndpointPicker.Grpc;
using Google.Protobuf;

namespace EndpointPicker.Tests.Grpc;

public sealed class WireReaderTests
{
    [Fact]
    public void TryNext_EveryTypeByCodedOutputStream_ReadsTheSame()
    {
        using MemoryStream stream = new();
        using CodedOutputStream output = new(stream);
        output.WriteTag(1, WireFormat.WireType.Varint);
        output.WriteUInt64(ulong.MaxValue);
        output.WriteTag(536_870_911, WireFormat.WireType.Fixed32);
        output.WriteFixed32(0x01020304);
        output.WriteTag(3, WireFormat.WireType.Fixed64);
        output.WriteFixed64(0x0102030405060708);
        output.WriteTag(4, WireFormat.WireType.LengthDelimited);
        output.WriteString(new string('x', 300));
        output.Flush();

        WireReader reader = new(stream.ToArray());
        Assert.True(reader.TryNext(out WireField field));
        Assert.Equal((1, WireType.Varint, ulong.MaxValue), (field.Number, field.Type, field.Scalar));
        Assert.True(reader.TryNext(out field));
        Assert.Equal((536_870_911, WireType.Fixed32, 0x01020304UL), (field.Number, field.Type, field.Scalar));
        Assert.True(reader.TryNext(out field));
        Assert.Equal((3, WireType.Fixed64, 0x0102030405060708UL), (field.Number, field.Type, field.Scalar));
        Assert.True(reader.TryNext(out field));
        Assert.True(field.Is(4));
        Assert.Equal(300, field.Bytes.Length);
        Assert.False(reader.TryNext(out _));
        Assert.False(reader.IsMalformed);
    }

    [Theory]
    [InlineData(new byte[] { 0x00 })]
    [InlineData(new byte[] { 0x07 })]
    [InlineData(new byte[] { 0x08 })]
    [InlineData(new byte[] { 0x0A, 0x02, 0x00 })]
    [InlineData(new byte[] { 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })]
    [InlineData(new byte[] { 0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01 })]
    [InlineData(new byte[] { 0x0D, 0, 0, 0 })]
    [InlineData(new byte[] { 0x09, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x0B, 0x0C })]
    public void TryNext_Malformed_SaysSo(byte[] bytes)
    {
        WireReader reader = new(bytes);
        while (reader.TryNext(out _))
        {
        }

        Assert.True(reader.IsMalformed);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(127UL)]
    [InlineData(128UL)]
    [InlineData(ulong.MaxValue)]
    public void Write_ThenCodedInputStream_ReadsTheSame(ulong value)
    {
        ArrayBufferWriter<byte> buffer = new();
        WireAppender writer = new(buffer);
        writer.WriteVarint(9, value);
        writer.WriteString(2_000, "\u00e9");
        using CodedInputStream input = new(buffer.WrittenSpan.ToArray());
        Assert.Equal(WireFormat.MakeTag(9, WireFormat.WireType.Varint), input.ReadTag());
        Assert.Equal(value, input.ReadUInt64());
        Assert.Equal(WireFormat.MakeTag(2_000, WireFormat.WireType.LengthDelimited), input.ReadTag());
        Assert.Equal("\u00e9", input.ReadString());
        Assert.True(input.IsAtEnd);
    }
}
