using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using EndpointPicker.Grpc;

namespace EndpointPicker.Tests.Grpc;

public sealed class GrpcServerTests
{
    [Fact]
    public async Task Echo_SeveralRounds_AnswersEachBeforeTheNext()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(new EchoMethod());
        using GrpcTestClient client = new(server.Port);
        using GrpcTestCall call = client.Start(EchoMethod.EchoPath);
        foreach (int size in new[] { 0, 1, 5_000, 70_000, 1_000_000 })
        {
            byte[] message = Bytes(size);
            await call.SendAsync(message);
            Assert.Equal(message, await call.ReadMessageAsync());
        }

        await call.CompleteAsync();
        GrpcTestAnswer answer = await call.ReadToEndAsync();
        Assert.Equal("0", answer.Status);
        Assert.Null(answer.Message);
        Assert.False(answer.TrailersOnly);
        Assert.Equal("application/grpc", answer.Response.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task Echo_ManyMessagesInOneWrite_FlushesFewerTimesThanMessages()
    {
        EchoMethod echo = new();
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(echo);
        using GrpcTestClient client = new(server.Port);
        byte[] bytes = [.. Enumerable.Range(0, 200).SelectMany(i => GrpcTestCall.Frame([(byte)i]))];
        GrpcTestAnswer answer = await client.SendAsync(EchoMethod.EchoPath, bytes);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (byte)i), answer.Messages.Select(message => message.Single()));
        Assert.InRange(echo.Flushes, 1, 20);
    }

    [Fact]
    public async Task Call_NothingWritten_EndsWithTrailersOnly()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(
            new DelegateMethod("/t.T/M", _ => ValueTask.FromResult(new GrpcStatus(StatusCode.NotFound, "no: 100% \u00e4\n"))));
        using GrpcTestClient client = new(server.Port);
        GrpcTestAnswer answer = await client.SendAsync("/t.T/M", []);
        Assert.Equal(("5", "no: 100%25 %C3%A4%0A", true), (answer.Status, answer.Message, answer.TrailersOnly));
    }

    [Fact]
    public async Task Call_UnknownMethod_IsUnimplemented()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(new EchoMethod());
        using GrpcTestClient client = new(server.Port);
        GrpcTestAnswer answer = await client.SendAsync("/test.Echo/Other", []);
        Assert.Equal(("12", true), (answer.Status, answer.TrailersOnly));
    }

    [Theory]
    [InlineData("application/grpc", HttpStatusCode.OK)]
    [InlineData("application/grpc+proto", HttpStatusCode.OK)]
    [InlineData("application/grpc;charset=utf-8", HttpStatusCode.OK)]
    [InlineData("application/grpc-web", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json", HttpStatusCode.UnsupportedMediaType)]
    public async Task Call_ContentType_IsChecked(string contentType, HttpStatusCode expected)
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(new EchoMethod());
        using GrpcTestClient client = new(server.Port);
        GrpcTestAnswer answer = await client.SendAsync(
            EchoMethod.EchoPath, [], request => request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType));
        Assert.Equal(expected, answer.Response.StatusCode);
    }

    [Fact]
    public async Task Call_ByGet_IsMethodNotAllowed()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(new EchoMethod());
        using HttpClient client = new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using HttpResponseMessage response = await client.GetAsync(new Uri($"http://localhost:{server.Port}{EchoMethod.EchoPath}"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task Echo_MessageOverTheLimit_IsRefusedByItsPrefixAlone()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(new GrpcServerOptions { MaxReceiveMessageBytes = 100 }, new EchoMethod());
        using GrpcTestClient client = new(server.Port);
        using GrpcTestCall call = client.Start(EchoMethod.EchoPath);

        // Only the prefix is sent, and the half is not closed: the answer cannot come from having read the message.
        await call.SendRawAsync([0, 0, 0, 0, 101]);
        GrpcTestAnswer answer = await call.ReadToEndAsync();
        Assert.Equal(("8", true), (answer.Status, answer.TrailersOnly));
        await call.CompleteAsync();
    }

    [Fact]
    public async Task Echo_MessageOverTheLimitBehindGoodOnes_AnswersThoseFirst()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(new GrpcServerOptions { MaxReceiveMessageBytes = 100 }, new EchoMethod());
        using GrpcTestClient client = new(server.Port);
        GrpcTestAnswer answer = await client.SendAsync(EchoMethod.EchoPath, [.. GrpcTestCall.Frame(Bytes(100)), .. GrpcTestCall.Frame(Bytes(101))]);
        Assert.Equal(Bytes(100), answer.Messages.Single());
        Assert.Equal(("8", false), (answer.Status, answer.TrailersOnly));
    }

    [Theory]
    [InlineData(new byte[] { 2, 0, 0, 0, 0 }, "13")]
    [InlineData(new byte[] { 0, 0, 0, 0, 5, 1 }, "13")]
    [InlineData(new byte[] { 0, 0 }, "13")]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 }, "13")]
    public async Task Echo_BrokenFraming_IsInternal(byte[] bytes, string status)
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(new EchoMethod());
        using GrpcTestClient client = new(server.Port);
        GrpcTestAnswer answer = await client.SendAsync(EchoMethod.EchoPath, bytes);
        Assert.Equal(status, answer.Status);
        Assert.Empty(server.Logged);
    }

    [Fact]
    public async Task Echo_GzipMessages_AreInflated()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(new EchoMethod());
        using GrpcTestClient client = new(server.Port);
        byte[][] messages = [Bytes(10), Bytes(100_000), [], Bytes(40_000)];
        byte[] bytes = [.. messages.SelectMany(message => GrpcTestCall.Frame(Gzip(message), 1)), .. GrpcTestCall.Frame(Bytes(3))];
        GrpcTestAnswer answer = await client.SendAsync(EchoMethod.EchoPath, bytes, request => request.Headers.Add("grpc-encoding", "gzip"));
        Assert.Equal([.. messages, Bytes(3)], answer.Messages);
        Assert.Equal("0", answer.Status);
    }

    [Fact]
    public async Task Echo_GzipBomb_IsResourceExhausted()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(new GrpcServerOptions { MaxReceiveMessageBytes = 100_000 }, new EchoMethod());
        using GrpcTestClient client = new(server.Port);
        byte[] bytes = GrpcTestCall.Frame(Gzip(new byte[50_000_000]), 1);
        Assert.InRange(bytes.Length, 0, 100_000);
        GrpcTestAnswer answer = await client.SendAsync(EchoMethod.EchoPath, bytes, request => request.Headers.Add("grpc-encoding", "gzip"));
        Assert.Equal("8", answer.Status);
    }

    [Fact]
    public async Task Echo_NotGzip_IsInternal()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(new EchoMethod());
        using GrpcTestClient client = new(server.Port);
        GrpcTestAnswer answer = await client.SendAsync(
            EchoMethod.EchoPath, GrpcTestCall.Frame(Bytes(50), 1), request => request.Headers.Add("grpc-encoding", "gzip"));
        Assert.Equal("13", answer.Status);
    }

    [Fact]
    public async Task Echo_OtherEncoding_IsUnimplementedAndNamesOurs()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(new EchoMethod());
        using GrpcTestClient client = new(server.Port);
        GrpcTestAnswer answer = await client.SendAsync(
            EchoMethod.EchoPath, GrpcTestCall.Frame(Bytes(50), 1), request => request.Headers.Add("grpc-encoding", "deflate"));
        Assert.Equal("12", answer.Status);
        Assert.Equal("identity,gzip", string.Join(',', answer.Response.Headers.GetValues("grpc-accept-encoding")));
    }

    [Fact]
    public async Task Method_Throws_IsInternalAndLogged()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(
            new DelegateMethod("/t.T/M", _ => throw new InvalidOperationException("bug")), new EchoMethod());
        using GrpcTestClient client = new(server.Port);
        GrpcTestAnswer answer = await client.SendAsync("/t.T/M", []);
        Assert.Equal(("13", true), (answer.Status, answer.TrailersOnly));
        Assert.DoesNotContain("bug", answer.Message, StringComparison.Ordinal);
        Assert.Contains("Serving /t.T/M failed", server.Logged.Single(), StringComparison.Ordinal);
        Assert.Equal("0", (await client.SendAsync(EchoMethod.EchoPath, [])).Status);
    }

    [Fact]
    public async Task Method_ThrowsInsideAMessage_ResetsTheStream()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(new DelegateMethod("/t.T/M", stream =>
        {
            stream.BeginMessage(100);
            throw new InvalidOperationException("bug");
        }));
        using GrpcTestClient client = new(server.Port);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.SendAsync("/t.T/M", []));
    }

    private static byte[] Bytes(int size)
    {
        byte[] bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
