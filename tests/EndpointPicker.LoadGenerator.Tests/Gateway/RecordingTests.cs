using System.Text;
using EndpointPicker.LoadGenerator.Gateway;
using Envoy.Service.ExtProc.V3;
using Testing;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;

namespace EndpointPicker.LoadGenerator.Tests.Gateway;

/// <summary>The gateway is given requests that a real Envoy was given, and must send what that one sent.</summary>
public sealed class RecordingTests
{
    private static readonly Dictionary<string, BodyMode> Modes = new()
    {
        ["none"] = BodyMode.None,
        ["buf"] = BodyMode.Buffered,
        ["part"] = BodyMode.BufferedPartial,
        ["str"] = BodyMode.Streamed,
        ["fds"] = BodyMode.FullDuplexStreamed,
    };

    public static TheoryData<string, string> RequestCases()
    {
        var cases = new TheoryData<string, string>();
        foreach (string mode in Modes.Keys)
        {
            foreach (string kind in (string[])["get", "head", "post-length", "post-chunked", "post-empty-length0", "post-empty-chunked", "h1-trailers"])
            {
                cases.Add(mode, kind);
            }
        }

        return cases;
    }

    public static TheoryData<string, string> ResponseCases()
    {
        var cases = new TheoryData<string, string>();
        foreach (string mode in Modes.Keys)
        {
            foreach (string kind in (string[])["both-json", "both-get", "both-head", "both-sse"])
            {
                cases.Add(mode, kind);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(RequestCases))]
    public Task Send_RecordedRequest_SameMessages(string mode, string kind) => ReplayAsync(mode, kind, withResponse: false);

    [Theory]
    [MemberData(nameof(ResponseCases))]
    public Task Send_RecordedExchange_SameMessages(string mode, string kind) => ReplayAsync(mode, kind, withResponse: true);

    private static async Task ReplayAsync(string mode, string kind, bool withResponse)
    {
        Recording recording = Recording.Load($"{mode}-{kind}");
        BodyMode responseMode = withResponse ? Modes[mode] : BodyMode.None;
        await using ScriptedProcessor processor = await ScriptedProcessor.StartAsync();
        await using EchoUpstream upstream = await EchoUpstream.StartAsync();
        processor.Script = message => ScriptedProcessor.PassThrough(message, null, (BodySendMode)Modes[mode], (BodySendMode)responseMode);
        await using EnvoyGateway gateway = await EnvoyGateway.StartAsync(new GatewayOptions
        {
            Processor = processor.Address,
            Endpoints = [upstream.Endpoint],
            RequestBodyMode = Modes[mode],
            ResponseBodyMode = responseMode,
            SendResponseHeaders = withResponse,
            SendResponseTrailers = withResponse,
        });

        using RawClient client = await RawClient.ConnectAsync(gateway.Address);
        string sent = await SendAsync(client, recording, kind, processor);
        string answer = await client.ReadToEndAsync().DefaultTimeout();

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal(Recording.Shape(recording.Messages), Recording.Shape(processor.Received));
        Assert.Equal(EchoUpstream.DigestOf(Encoding.Latin1.GetBytes(sent)), Assert.Single(upstream.Seen).Digest);
        AssertSameHeaders(recording.Messages[0], processor.Received.First());
    }

    // Returns the body that was sent; NONE recordings do not hold it.
    private static async Task<string> SendAsync(RawClient client, Recording recording, string kind, ScriptedProcessor processor)
    {
        Dictionary<string, string> pseudo = recording.RequestHeaders.Where(header => header.Name[0] == ':').ToDictionary(header => header.Name, header => header.Value);
        var head = new StringBuilder($"{pseudo[":method"]} {pseudo[":path"]} HTTP/1.1\r\nHost: {pseudo[":authority"]}\r\nConnection: close\r\n");
        foreach ((string name, string value) in recording.RequestHeaders.Where(header => header.Name[0] != ':' && !header.Name.StartsWith("x-forwarded", StringComparison.Ordinal)))
        {
            head.Append($"{name}: {value}\r\n");
        }

        string body = recording.RequestBody.Length > 0 ? recording.RequestBody : Recording.Load("fds-post-length").RequestBody;
        if (kind is "post-chunked")
        {
            await client.SendAsync($"{head}Transfer-Encoding: chunked\r\n\r\n14\r\n{body[..20]}\r\n");
            for (int visible = recording.Messages[0].ProtocolConfig.RequestBodyMode is BodySendMode.Streamed or BodySendMode.FullDuplexStreamed ? 2 : 1; visible > 0; visible--)
            {
                await processor.Arrived.WaitAsync(TestContext.Current.CancellationToken).DefaultTimeout();
            }

            await client.SendAsync($"{body.Length - 20:x}\r\n{body[20..]}\r\n0\r\n\r\n");
            return body;
        }

        if (kind is "h1-trailers")
        {
            await client.SendAsync($"{head}Transfer-Encoding: chunked\r\nTrailer: x-trail\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\nx-trail: t1\r\n\r\n");
            return body;
        }

        if (kind is "post-empty-chunked")
        {
            await client.SendAsync($"{head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
            return "";
        }

        bool hasBody = recording.RequestHeaders.Any(header => header is { Name: "content-length" } and not { Value: "0" });
        body = hasBody ? body : "";
        await client.SendAsync($"{head}\r\n{body}");
        return body;
    }

    private static void AssertSameHeaders(ProcessingRequest recorded, ProcessingRequest sent)
    {
        Assert.Equal(Lines(recorded), Lines(sent));
        Assert.Equal(recorded.ProtocolConfig, sent.ProtocolConfig);
    }

    private static IEnumerable<string> Lines(ProcessingRequest message) => message.RequestHeaders.Headers.Headers
        .Where(header => header.Key is not ("trailer" or "transfer-encoding"))
        .Select(header => $"{header.Key}: {header.RawValue.ToString(Encoding.Latin1)}")
        .Order(StringComparer.Ordinal);
}
