using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using EndpointPicker.Core.Requests.Responses;

namespace EndpointPicker.Core.Tests.Requests.Responses;

public sealed class ModelNameRestorerTests
{
    [Theory]
    [InlineData("""{"id":1,"model":"t-1","choices":[]}""", """{"id":1,"model":"llama","choices":[]}""")]
    [InlineData("""{"model": "t-1","x":{"model":"t-1"}}""", """{"model": "llama","x":{"model":"llama"}}""")]
    [InlineData("""{"model":"t-12"} {"model":"t-"} {"model":  "t-1"} {"Model":"t-1"}""", null)]
    [InlineData("""{"content":"\"model\":\"t-1\""}""", null)]
    [InlineData("\"model\":\"model\":\"t-1\"\"model\":\"t-1", "\"model\":\"model\":\"llama\"\"model\":\"t-1")]
    [InlineData("\"\"\"model\":\"t-1\"\"model\":", "\"\"\"model\":\"llama\"\"model\":")]
    [InlineData("\"model\":\"t-1\"", "\"model\":\"llama\"")]
    [InlineData("", null)]
    public void Write_AnySplit_ReplacesOccurrencesAndNothingElse(string body, string? expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        for (int first = 0; first <= bytes.Length; first++)
        {
            for (int piece = 1; piece <= Math.Max(1, bytes.Length); piece++)
            {
                Assert.Equal(expected ?? body, Restore("t-1", "llama", bytes, first, piece));
            }
        }
    }

    [Fact]
    public void Write_RandomTextOfThePatternsBytes_AsReplacingTheWhole()
    {
        Random random = new(5);
        string[] parts = ["\"model\":", "\"mo", "del\":", " ", "\"t\"", "\"", "t", "\"model\":\"t\"", "\"model\": \"t\"", "x"];
        for (int i = 0; i < 3000; i++)
        {
            string body = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)]));
            string expected = Regex.Replace(body, "\"model\":( ?)\"t\"", "\"model\":$1\"L\"");

            Assert.Equal(expected, Restore("t", "L", Encoding.UTF8.GetBytes(body), random.Next(body.Length + 1), 1 + random.Next(9)));
        }
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("", "a")]
    [InlineData("a", "")]
    public void Begin_NothingToRestore_IsInactiveAndPassesAll(string target, string incoming)
    {
        ModelNameRestorer restorer = new();
        restorer.Begin(target, incoming);

        Assert.False(restorer.IsActive);
        Assert.False(restorer.Write("\"model\":\"a\""u8, new ArrayBufferWriter<byte>()));
    }

    [Fact]
    public void Write_ChunkWithoutOccurrence_PassesWithoutACopy()
    {
        ModelNameRestorer restorer = new();
        restorer.Begin("t", "L");
        ArrayBufferWriter<byte> output = new();

        Assert.False(restorer.Write("data: {\"model\":\"other\"}\n\n"u8, output));
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void Write_NamesThatNeedEscapes_AreWrittenAsJson()
    {
        byte[] body = Encoding.UTF8.GetBytes("""{"model":"t\"é"}""");

        Assert.Equal("""{"model":"a\\b"}""", Restore("t\"é", "a\\b", body, 0, 4));
    }

    private static string Restore(string target, string incoming, byte[] body, int first, int piece)
    {
        ModelNameRestorer restorer = new();
        restorer.Begin(target, incoming);
        ArrayBufferWriter<byte> output = new();
        for (int from = 0, length = first; from < body.Length; from += length, length = piece)
        {
            length = Math.Min(length, body.Length - from);
            byte[] input = body[from..(from + length)];
            if (!restorer.Write(input, output))
            {
                output.Write(input);
            }
        }

        restorer.Flush(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
