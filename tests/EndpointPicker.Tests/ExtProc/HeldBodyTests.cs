using System.Buffers;
using EndpointPicker.ExtProc;

namespace EndpointPicker.Tests.ExtProc;

public sealed class HeldBodyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Append_AnyPieces_HoldsThemInOrder(int seed)
    {
        Random random = new(seed);
        HeldBody sut = new();
        for (int i = 0; i < 100; i++)
        {
            List<byte> expected = [];
            for (int pieces = random.Next(12); pieces > 0; pieces--)
            {
                byte[] piece = new byte[random.Next(random.Next(2) == 0 ? 50 : 90_000)];
                random.NextBytes(piece);
                expected.AddRange(piece);
                sut.Append(SplitBytes.Randomly(piece, random));
            }

            Assert.Equal(expected.Count, sut.Length);
            Assert.True(expected.ToArray().AsSpan().SequenceEqual(sut.Bytes.ToArray()));

            int start = random.Next(expected.Count + 1);
            int end = random.Next(start, expected.Count + 1);
            byte[] replacement = new byte[random.Next(100)];
            sut.Replace(start..end, replacement);
            expected.RemoveRange(start, end - start);
            expected.InsertRange(start, replacement);
            Assert.Equal(expected.Count, sut.Length);
            Assert.True(expected.ToArray().AsSpan().SequenceEqual(sut.Bytes.ToArray()));
            sut.Release();
            Assert.True(sut.Bytes.IsEmpty);
        }
    }
}
