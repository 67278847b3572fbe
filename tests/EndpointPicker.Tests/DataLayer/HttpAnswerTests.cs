using System.Text;
using EndpointPicker.DataLayer;

namespace EndpointPicker.Tests.DataLayer;

public class HttpAnswerTests
{
    private readonly RecordingPage _page = new();
    private readonly HttpAnswer _sut = new();

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", true)]
    [InlineData("HTTP/1.1 200 OK\nContent-length:5 \n\nhello", true)]
    [InlineData("HTTP/1.1 200\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello", false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: Keep-Alive\r\n\r\nhello", true)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n005\r\nhello\r\n0\r\nTrailer: x\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n", false)]
    public void Append_WholeAnswer_InAnySplit_IsComplete(string answer, bool keepAlive)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(answer);
        for (int size = 1; size <= bytes.Length; size++)
        {
            Feed(bytes, size);

            Assert.True(_sut.IsComplete);
            Assert.Equal(FetchError.None, _sut.Error);
            Assert.Equal("hello", _page.Text);

            // What follows the answer in a later read is nobody's: the connection is not read between requests.
            Assert.True(keepAlive == _sut.KeepAlive || answer.EndsWith("OK\r\n", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Append_WithoutLength_EndsWithTheConnection()
    {
        Feed(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n\r\nhello"), 4);
        Assert.False(_sut.IsComplete);

        _sut.End();

        Assert.True(_sut.IsComplete);
        Assert.False(_sut.KeepAlive);
        Assert.Equal("hello", _page.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    public void End_BeforeTheAnswerIsWhole_IsUnreachable(string answer)
    {
        Feed(Encoding.ASCII.GetBytes(answer), 3);
        _sut.End();

        Assert.False(_sut.IsComplete);
        Assert.Equal(FetchError.Unreachable, _sut.Error);
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", nameof(FetchError.Status))]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", nameof(FetchError.Status))]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", nameof(FetchError.Status))]
    [InlineData("HTTP/2 200\r\n\r\n", nameof(FetchError.Malformed))]
    [InlineData("220 mail.example.org ESMTP\r\n", nameof(FetchError.Malformed))]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n", nameof(FetchError.Malformed))]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", nameof(FetchError.Malformed))]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", nameof(FetchError.Malformed))]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", nameof(FetchError.Malformed))]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", nameof(FetchError.Malformed))]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", nameof(FetchError.Malformed))]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", nameof(FetchError.Malformed))]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", nameof(FetchError.Malformed))]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n", nameof(FetchError.Malformed))]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 8388609\r\n\r\n", nameof(FetchError.TooLarge))]
    public void Append_WrongAnswer_SaysWhy(string answer, string error)
    {
        Feed(Encoding.ASCII.GetBytes(answer), 5);

        Assert.Equal(error, _sut.Error.ToString());
        Assert.False(_sut.KeepAlive);
        Assert.False(_sut.IsComplete);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", "")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "100000\r\n")]
    public void Append_EndlessBody_IsTooLarge(string head, string before)
    {
        _sut.Begin(_page);
        _sut.Append(Encoding.ASCII.GetBytes(head));
        byte[] piece = Encoding.ASCII.GetBytes(before + new string('x', 1 << 20) + (before.Length > 0 ? "\r\n" : ""));
        for (int i = 0; i < 9; i++)
        {
            _sut.Append(piece);
        }

        Assert.Equal(FetchError.TooLarge, _sut.Error);
        Assert.Equal(8 << 20, _page.Length);
    }

    [Fact]
    public void Append_EndlessHeaders_AreMalformed()
    {
        _sut.Begin(_page);
        byte[] piece = new byte[1 << 16];
        piece.AsSpan().Fill((byte)'x');

        Assert.False(_sut.Append(piece));
        Assert.Equal(FetchError.Malformed, _sut.Error);

        _sut.Begin(_page);
        _sut.Append("HTTP/1.1 200 OK\r\n"u8);
        for (int i = 0; i < 300; i++)
        {
            _sut.Append("a: b\r\n"u8);
        }

        Assert.Equal(FetchError.Malformed, _sut.Error);
    }

    [Fact]
    public void Append_AfterAFailure_StartsAfresh()
    {
        Feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"u8.ToArray(), 100);
        Feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"u8.ToArray(), 100);

        Assert.True(_sut.IsComplete);
        Assert.Equal("hello", _page.Text);
    }

    [Fact]
    public void Append_DamagedAnswers_NeverThrow()
    {
        byte[] answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"u8.ToArray();
        Random random = new(23);
        int whole = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] damaged = (byte[])answer.Clone();
            for (int i = random.Next(0, 6); i > 0; i--)
            {
                damaged[random.Next(damaged.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)"\r\n: 0f-;"[random.Next(8)];
            }

            Feed(damaged, random.Next(1, 40));
            _sut.End();
            Assert.True(_sut.IsComplete ^ (_sut.Error != FetchError.None));
            whole += _sut.IsComplete ? 1 : 0;
        }

        Assert.InRange(whole, 3_000, 19_999);
    }

    private void Feed(byte[] bytes, int size)
    {
        _sut.Begin(_page);
        for (int at = 0; at < bytes.Length && _sut.Append(bytes.AsSpan(at, Math.Min(size, bytes.Length - at))); at += size)
        {
        }
    }
}
