using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FunctionalTests.Harness;

namespace FunctionalTests.BodyModes;

/// <summary>Every body mode with every kind of request: it reaches the endpoint that the picker chose, byte for byte.</summary>
public abstract class BodyModeCases(BodyModeChains modes)
{
    private static readonly string[] Modes = ["NONE", "BUFFERED", "BUFFERED_PARTIAL", "STREAMED", "FULL_DUPLEX_STREAMED"];

    public static TheoryData<string> Profiles => [.. Modes, .. Modes.Select(mode => mode + "/both")];

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Get_NoBody_ReachesChosenEndpoint(string profile)
    {
        (RawAnswer answer, ReceivedRequest request) = await ExchangeAsync(profile, client => client.SendAsync("GET /v1/models HTTP/1.1\r\nHost: t\r\n\r\n"));
        Assert.Equal(200, answer.Status);
        Assert.Empty(request.Body);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Head_NoBody_ReachesChosenEndpoint(string profile)
    {
        (RawAnswer answer, _) = await ExchangeAsync(profile, client => client.SendAsync("HEAD /v1/models HTTP/1.1\r\nHost: t\r\n\r\n"), toHead: true);
        Assert.Equal(200, answer.Status);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Post_WithLength_ArrivesUnharmed(string profile) => await PostAsync(profile, Completion(200));

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Post_SeventyKilobytes_ArrivesUnharmed(string profile) => await PostAsync(profile, Completion(70_000));

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Post_OneByte_ArrivesUnharmed(string profile) => await PostAsync(profile, "x"u8.ToArray(), "/tokenize");

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Post_FiveMegabytes_ArrivesUnharmedOrIsTooLarge(string profile)
    {
        byte[] body = Completion(5_000_000);
        IChain chain = await modes.GetAsync(profile);
        await using RawHttpClient client = await RawHttpClient.ConnectAsync(chain.Port);
        string id = Id();
        await client.SendAsync(Head("POST", "/v1/completions", id, $"Content-Length: {body.Length}"));
        if (profile.StartsWith("BUFFERED", StringComparison.Ordinal) && !profile.StartsWith("BUFFERED_PARTIAL", StringComparison.Ordinal))
        {
            // Over Envoy's buffer its own 413 is right, and it may close before all was sent.
            await Task.WhenAny(client.SendAsync(body), Task.CompletedTask);
            Assert.Equal(413, (await client.ReadAsync()).Status);
            return;
        }

        await client.SendAsync(body);
        RawAnswer answer = await client.ReadAsync();
        AssertUnharmed(chain, answer, id, body);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Post_Chunked_ArrivesUnharmed(string profile)
    {
        byte[] body = Completion(3_000);
        (RawAnswer answer, ReceivedRequest request) = await ExchangeAsync(
            profile,
            async client =>
            {
                await client.SendAsync("POST /v1/completions HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
                await client.SendChunkAsync(body.AsMemory(0, 20));
                await client.SendChunkAsync(body.AsMemory(20, 1000));
                await client.SendChunkAsync(body.AsMemory(1020));
                await client.SendAsync("0\r\n\r\n");
            });
        Assert.Equal(200, answer.Status);
        Assert.Equal(body, request.Body);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Post_Trailers_ArriveWithTheBody(string profile)
    {
        byte[] body = Completion(300);
        (RawAnswer answer, ReceivedRequest request) = await ExchangeAsync(
            profile,
            async client =>
            {
                await client.SendAsync("POST /v1/completions HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\nTrailer: x-checksum\r\n\r\n");
                await client.SendChunkAsync(body);
                await client.SendAsync("0\r\nx-checksum: abc\r\n\r\n");
            });
        Assert.Equal(200, answer.Status);
        Assert.Equal(body, request.Body);
        Assert.Equal("abc", request.Trailers.GetValueOrDefault("x-checksum"));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Post_EventsAnswered_ArriveWhole(string profile)
    {
        IChain chain = await modes.GetAsync(profile);
        byte[] body = Encoding.UTF8.GetBytes("""{"model":"m","stream":true,"prompt":"hello"}""");
        string id = Id();
        foreach (ModelServer server in chain.Servers)
        {
            server.Answer = (context, request) => request.Headers.GetValueOrDefault("x-case") == id
                ? ModelServer.AnswerEventsAsync(context)
                : ModelServer.AnswerJsonAsync(context, request);
        }

        await using RawHttpClient client = await RawHttpClient.ConnectAsync(chain.Port);
        await client.SendAsync(Head("POST", "/v1/completions", id, $"Content-Length: {body.Length}"));
        await client.SendAsync(body);
        RawAnswer answer = await client.ReadAsync();
        Assert.Equal(
            string.Concat(Enumerable.Range(0, 5).Select(i => $"data: {{\"n\":{i.ToString(CultureInfo.InvariantCulture)}}}\n\n")) + "data: [DONE]\n\n",
            answer.Text);
        AssertUnharmed(chain, answer, id, body);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Post_TrailersAnswered_ArriveWithTheBody(string profile)
    {
        IChain chain = await modes.GetAsync(profile);
        byte[] body = Completion(100);
        string id = Id();
        foreach (ModelServer server in chain.Servers)
        {
            server.Answer = (context, request) => request.Headers.GetValueOrDefault("x-case") == id
                ? ModelServer.AnswerWithTrailersAsync(context)
                : ModelServer.AnswerJsonAsync(context, request);
        }

        await using RawHttpClient client = await RawHttpClient.ConnectAsync(chain.Port);
        await client.SendAsync(Head("POST", "/v1/completions", id, $"Content-Length: {body.Length}"));
        await client.SendAsync(body);
        RawAnswer answer = await client.ReadAsync();
        Assert.Equal("{}", answer.Text);
        Assert.Equal(["x-cost: 7"], answer.Trailers);
        AssertUnharmed(chain, answer, id, body);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Post_ClientLeavesMidway_CountersReturnToZero(string profile)
    {
        IChain chain = await modes.GetAsync(profile);
        RawHttpClient client = await RawHttpClient.ConnectAsync(chain.Port);
        await client.SendAsync(Head("POST", "/v1/completions", Id(), "Content-Length: 100000"));
        await client.SendAsync(new byte[40_000]);
        await chain.WaitUntilBusyAsync();
        await client.DisposeAsync();
        await chain.WaitUntilIdleAsync();
        await chain.Epp.UntilMetricAsync("llm_d_epp_request_running", 0);
    }

    private async Task PostAsync(string profile, byte[] body, string path = "/v1/completions")
    {
        IChain chain = await modes.GetAsync(profile);
        await using RawHttpClient client = await RawHttpClient.ConnectAsync(chain.Port);
        string id = Id();
        await client.SendAsync(Head("POST", path, id, $"Content-Length: {body.Length}"));
        await client.SendAsync(body);
        AssertUnharmed(chain, await client.ReadAsync(), id, body);
    }

    private async Task<(RawAnswer Answer, ReceivedRequest Request)> ExchangeAsync(string profile, Func<RawHttpClient, Task> send, bool toHead = false)
    {
        IChain chain = await modes.GetAsync(profile);
        int before = chain.Servers.Sum(server => server.Received.Count);
        await using RawHttpClient client = await RawHttpClient.ConnectAsync(chain.Port);
        await send(client);
        RawAnswer answer = await client.ReadAsync(toHead);
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Text}\n{chain.Log}");
        ModelServer served = chain.Servers.Single(server => server.Address == answer.Header("x-served-by"));
        ReceivedRequest request = served.Received.Last();
        Assert.Equal(before + 1, chain.Servers.Sum(server => server.Received.Count));
        Assert.Equal(served.Address, request.Destination);
        return (answer, request);
    }

    private static void AssertUnharmed(IChain chain, RawAnswer answer, string id, byte[] body)
    {
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Text}\n{chain.Log}");
        ModelServer served = chain.Servers.Single(server => server.Address == answer.Header("x-served-by"));
        ReceivedRequest request = served.Received.Single(one => one.Headers.GetValueOrDefault("x-case") == id);
        Assert.Equal(served.Address, request.Destination);
        Assert.Equal(body.Length, request.Body.Length);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(body)), answer.Header("x-body-sha256"));
    }

    private static string Head(string method, string path, string id, string extra) =>
        $"{method} {path} HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nx-case: {id}\r\n{extra}\r\n\r\n";

    private static string Id() => Guid.NewGuid().ToString("N");

    private static byte[] Completion(int length)
    {
        const string Start = "{\"model\":\"m\",\"prompt\":";
        StringBuilder text = new(Start + "\"");
        for (int i = 0; text.Length < length - 2; i++)
        {
            text.Append("word").Append(i).Append(' ');
        }

        return Encoding.UTF8.GetBytes(text.Append("\"}").ToString());
    }
}
