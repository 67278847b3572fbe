using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using EndpointPicker.ExtProc;

namespace EndpointPicker.Tests.ExtProc;

public sealed class RestoredBodyTests
{
    private static readonly string[] Words =
    [
        "\"model\":\"target\"", "\"model\": \"target\"", "\"model\":\"targeted\"", "\"model\":\"tar", "\"model\":", "\"mod", "\"", "target", "x", "\"model\":  \"target\"", " ", "é",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Restore_AnyTextInAnySplit_ReplacesWhatTheWholeTextShows(int seed)
    {
        Random random = new(seed);
        RestoredBody sut = new();
        sut.Begin("in\"coming", "target");
        for (int i = 0; i < 3000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Words[random.Next(Words.Length)]));
            string expected = Regex.Replace(text, "\"model\":( ?)\"target\"", "\"model\":$1\"in\\\"coming\"");
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            List<byte> restored = [];
            int start = 0;
            while (start < bytes.Length)
            {
                int length = random.Next(1, Math.Min(9, bytes.Length - start + 1));
                ReadOnlySequence<byte> chunk = SplitBytes.Randomly(bytes[start..(start + length)], random, 3);
                start += length;
                restored.AddRange(sut.Restore(chunk, last: start == bytes.Length).Span);
            }

            Assert.Equal(expected, Encoding.UTF8.GetString([.. restored]));
        }
    }

    [Fact]
    public void Restore_NoPossibleMatchAtTheEnd_KeepsNothingBack()
    {
        RestoredBody sut = new();
        sut.Begin("a", "b");

        Assert.Equal(8, sut.Restore(new("data: x\n"u8.ToArray()), last: false).Length);
    }

    [Theory]
    [InlineData("", "b")]
    [InlineData("a", "")]
    [InlineData("a", "a")]
    public void Begin_NothingToRestore_IsInactive(string incoming, string target)
    {
        RestoredBody sut = new();

        sut.Begin(incoming, target);

        Assert.False(sut.IsActive);
    }
}
