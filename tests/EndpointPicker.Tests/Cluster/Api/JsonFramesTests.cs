using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using EndpointPicker.Cluster.Api;
using Testing;

namespace EndpointPicker.Tests.Cluster.Api;

public class JsonFramesTests
{
    private const string Stream = "{\"a\":{\"b\":[1,\"}{\\\"\"]}}\n{ \"ü\" : \"€\" }{}\r\n\t {\"n\":-1.5e3}\n";

    private static readonly string[] Frames = ["{\"a\":{\"b\":[1,\"}{\\\"\"]}}", "\n{ \"ü\" : \"€\" }", "{}", "\r\n\t {\"n\":-1.5e3}"];

    [Fact]
    public async Task Next_SplitAnywhere_CutsTheSame()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Stream);
        for (int first = 0; first <= bytes.Length; first++)
        {
            for (int second = first; second <= bytes.Length; second += 7)
            {
                Assert.Equal(Frames, await CutAsync(bytes[..first], bytes[first..second], bytes[second..]));
            }
        }
    }

    [Fact]
    public async Task Next_ByteByByte_CutsTheSame() =>
        Assert.Equal(Frames, await CutAsync([.. Encoding.UTF8.GetBytes(Stream).Select(single => new[] { single })]));

    [Theory]
    [InlineData("{\"a\":")]
    [InlineData("{} {")]
    [InlineData("{\"a\":\"")]
    public async Task Next_EndWithinAnObject_IsTold(string text) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => CutAsync(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("[]")]
    [InlineData("null ")]
    [InlineData("{} x")]
    [InlineData("{]")]
    [InlineData("<html>")]
    public async Task Next_NoObject_IsTold(string text) => await Assert.ThrowsAnyAsync<JsonException>(() => CutAsync(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    public async Task Next_TooLarge_IsTold(int piece)
    {
        byte[] large = Encoding.UTF8.GetBytes($"{{\"a\":\"{new string('x', 300)}\"}}");

        await Assert.ThrowsAsync<InvalidDataException>(() => CutAsync([.. large.Chunk(piece)]));
    }

    [Fact]
    public async Task Event_OfAMebibyte_CostsWhatItsItemCosts()
    {
        // The item is two short strings; the fields that nobody reads must cost nothing.
        string owned = string.Join(',', Enumerable.Range(0, 40_000).Select(i => $"\"f:field{i}\":{{\"f:x\":{{}}}}"));
        string large = TestObject.Event("ADDED", $$$"""{"metadata":{"managedFields":[{"fieldsV1":{{{{owned}}}}}],"name":"a","resourceVersion":"7"},"spec":{{{{owned}}}}}""");
        byte[] bytes = Encoding.UTF8.GetBytes(large);
        Assert.True(bytes.Length > 1024 * 1024);
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 0));
        JsonFrames sut = new(pipe.Reader, 16 * 1024 * 1024);

        // Twice: the second time everything is warm and pooled.
        long least = long.MaxValue;
        for (int i = 0; i < 3; i++)
        {
            foreach (byte[] piece in bytes.Chunk(8 * 1024))
            {
                await pipe.Writer.WriteAsync(piece, TestContext.Current.CancellationToken);
            }

            ValueTask<ReadOnlySequence<byte>?> next = sut.NextAsync(TestContext.Current.CancellationToken);
            Assert.True(next.IsCompleted);
            ReadOnlySequence<byte> frame = (await next)!.Value;
            least = Math.Min(least, Allocations.Least(() => Read(frame)));
        }

        Assert.True(least < 1024, $"{least} bytes");

        static void Read(ReadOnlySequence<byte> frame)
        {
            WatchFrame read = WatchFrame.Read(frame);
            Assert.Equal(new ObjectHeader("a", "7", ""), ObjectHeader.Of(read.Object));
        }
    }

    private static async Task<List<string>> CutAsync(params byte[][] pieces)
    {
        Pipe pipe = new();
        JsonFrames sut = new(pipe.Reader, 250);
        List<string> frames = [];
        Task writing = WriteAsync();
        while (await sut.NextAsync(TestContext.Current.CancellationToken).DefaultTimeout() is { } frame)
        {
            frames.Add(Encoding.UTF8.GetString(frame));
        }

        await writing.DefaultTimeout();
        return frames;

        async Task WriteAsync()
        {
            foreach (byte[] piece in pieces)
            {
                await pipe.Writer.WriteAsync(piece);
                await Task.Yield();
            }

            await pipe.Writer.CompleteAsync();
        }
    }
}
