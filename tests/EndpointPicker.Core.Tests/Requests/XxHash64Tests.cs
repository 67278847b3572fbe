using EndpointPicker.Core.Requests;

namespace EndpointPicker.Core.Tests.Requests;

public sealed class XxHash64Tests
{
    private const ulong OtherSeed = 2654435761;

    // Expected values: XXH64 of libxxhash 0.8.1 over the bytes of Data.
    [Theory]
    [InlineData(0, 0xEF46DB3751D8E999, 0xAC75FDA2929B17EF)]
    [InlineData(1, 0xE934A84ADB052768, 0x5014607643A9B4C3)]
    [InlineData(3, 0x9FF70A635A6209AB, 0xECF3373C29E497D4)]
    [InlineData(4, 0xAE5ACDC00A55AC41, 0xBA4A2450C7E2C0A9)]
    [InlineData(5, 0x8AD58CE18A6FD093, 0x0B01ADB13C7208DA)]
    [InlineData(7, 0xD734A6B26F3DA63E, 0x715684C16C5F65A5)]
    [InlineData(8, 0x87116B3365B924EB, 0x22E331C009171F74)]
    [InlineData(11, 0x3A5D6DC1B218A5B6, 0x69828FA14978C0CE)]
    [InlineData(12, 0x14B8433B9A14E611, 0x412D850C301A22CF)]
    [InlineData(15, 0x94D32E967340935C, 0x2DA0E71B061D5B6A)]
    [InlineData(16, 0x80129149DB102E54, 0x66959890CC301D91)]
    [InlineData(31, 0x2FD3D6A9848E978E, 0x18CFC6F995EE6507)]
    [InlineData(32, 0xD64D05CDE4E6FD61, 0xEE0286249BDDCA31)]
    [InlineData(33, 0xB8349B79D9B3425E, 0xBDD0AEA8EE152537)]
    [InlineData(39, 0x8E1DD82D808BF475, 0xEF035D6354E710D0)]
    [InlineData(44, 0xE69D107350EA47F1, 0xCFD44BC576E35922)]
    [InlineData(63, 0xC1E8EC74ECB7548E, 0x184785E5C2E56196)]
    [InlineData(64, 0x87FB62B7F982596A, 0x7559A2C716D964EF)]
    [InlineData(65, 0xE6C30EA731C34898, 0x290F578A38288ACE)]
    [InlineData(100, 0xDAD76C5E3ED40107, 0x20AFBCAA2EFD7580)]
    [InlineData(255, 0xB46112EB4B6C4012, 0x6792CE20DE4E9EAD)]
    [InlineData(256, 0x8D94A2DC61A1D7EC, 0xA80FBA6FBDAAACA3)]
    [InlineData(1000, 0xCAE86109F50DEF4C, 0xF2AF746EC23D7768)]
    public void Hash_BytesOfAnyLength_AsLibxxhash(int length, ulong seedZero, ulong seeded)
    {
        byte[] data = Data(length);

        Assert.Equal(seedZero, XxHash64.Hash(data));
        Assert.Equal(seeded, XxHash64.Hash(data, OtherSeed));
    }

    [Theory]
    [InlineData(100, 0xDAD76C5E3ED40107)]
    [InlineData(1000, 0xCAE86109F50DEF4C)]
    public void Append_AnySplit_AsLibxxhash(int length, ulong expected)
    {
        byte[] data = Data(length);
        for (int piece = 1; piece <= length; piece++)
        {
            XxHash64 hash = new();
            for (int from = 0; from < length; from += piece)
            {
                hash.Append(data.AsSpan(from, Math.Min(piece, length - from)));
            }

            Assert.Equal(expected, hash.Digest());
        }
    }

    [Fact]
    public void Digest_BeforeTheEnd_LeavesTheHashGoingOn()
    {
        byte[] data = Data(100);
        XxHash64 hash = new();
        hash.Append(data.AsSpan(0, 65));

        Assert.Equal(0xE6C30EA731C34898, hash.Digest());
        hash.Append(data.AsSpan(65));
        Assert.Equal(0xDAD76C5E3ED40107, hash.Digest());
    }

    private static byte[] Data(int length)
    {
        byte[] data = new byte[length];
        for (int i = 0; i < length; i++)
        {
            data[i] = (byte)((i * 7) + (i / 13));
        }

        return data;
    }
}
