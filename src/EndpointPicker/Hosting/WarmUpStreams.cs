using System.Buffers.Binary;
using System.Text;

namespace EndpointPicker.Hosting;

/// <summary>Whole ext_proc streams as a proxy would send them, framed: the ways that most requests take.</summary>
internal static class WarmUpStreams
{
    public const string Path = "/envoy.service.ext_proc.v3.ExternalProcessor/Process";

    // Numbers of envoy.service.ext_proc.v3 and what it refers to.
    private const int RequestHeaders = 2;
    private const int ResponseHeaders = 3;
    private const int RequestBody = 4;
    private const int ResponseBody = 5;
    private const int ProtocolConfig = 11;
    private const byte BufferedMode = 2;
    private const byte FullDuplexMode = 4;

    private const string Answer = """{"object":"chat.completion","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}""";

    public static IReadOnlyList<byte[]> All { get; } = [.. Enumerable.Range(0, 8).SelectMany(Make)];

    private static IEnumerable<byte[]> Make(int prompt)
    {
        byte[] body = Encoding.UTF8.GetBytes(
            $$"""{"model":"warm-up","stream":true,"max_tokens":16,"messages":[{"role":"user","content":"{{new string((char)('a' + prompt), 2000)}}"}]}""");
        yield return
        [
            .. Message(Field(RequestHeaders, Headers("POST", "/v1/chat/completions", end: false)), Mode(FullDuplexMode)),
            .. Message(Field(RequestBody, [.. Field(1, body.AsSpan(0, 1000))])),
            .. Message(Field(RequestBody, [.. Field(1, body.AsSpan(1000)), .. End(2)])),
            .. Message(Field(ResponseHeaders, Field(1, [.. Header(":status", "200"), .. Header("content-type", "text/event-stream")]))),
            .. Message(Field(ResponseBody, Field(1, Encoding.UTF8.GetBytes("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n")))),
            .. Message(Field(ResponseBody, [.. Field(1, "data: [DONE]\n\n"u8), .. End(2)])),
        ];
        yield return
        [
            .. Message(Field(RequestHeaders, Headers("POST", "/v1/chat/completions", end: false)), Mode(BufferedMode)),
            .. Message(Field(RequestBody, [.. Field(1, body), .. End(2)])),
            .. Message(Field(ResponseHeaders, Field(1, [.. Header(":status", "200"), .. Header("content-type", "application/json")]))),
            .. Message(Field(ResponseBody, [.. Field(1, Encoding.UTF8.GetBytes(Answer)), .. End(2)])),
        ];
        yield return Message(Field(RequestHeaders, Headers("GET", "/v1/models", end: true)), Mode(FullDuplexMode));
    }

    private static byte[] Headers(string method, string path, bool end)
    {
        byte[] map =
        [
            .. Header(":method", method), .. Header(":path", path), .. Header(":authority", "warm-up"), .. Header(":scheme", "http"),
            .. Header("content-type", "application/json"), .. Header("user-agent", "warm-up"), .. Header("accept", "*/*"), .. Header("x-request-id", "warm-up"),
        ];
        return [.. Field(1, map), .. end ? End(3) : []];
    }

    // HeaderMap.headers with key and raw_value.
    private static byte[] Header(string name, string value) => Field(1, [.. Field(1, Encoding.ASCII.GetBytes(name)), .. Field(3, Encoding.ASCII.GetBytes(value))]);

    private static byte[] Mode(byte mode) => Field(ProtocolConfig, [1 << 3, mode, 2 << 3, mode]);

    private static byte[] End(int field) => [(byte)(field << 3), 1];

    private static byte[] Field(int number, ReadOnlySpan<byte> content)
    {
        List<byte> field = [(byte)((number << 3) | 2)];
        int length = content.Length;
        for (; length >= 0x80; length >>= 7)
        {
            field.Add((byte)(length | 0x80));
        }

        field.Add((byte)length);
        return [.. field, .. content];
    }

    private static byte[] Message(params ReadOnlySpan<byte[]> fields)
    {
        List<byte> message = [0, 0, 0, 0, 0];
        foreach (byte[] field in fields)
        {
            message.AddRange(field);
        }

        byte[] framed = [.. message];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), framed.Length - 5);
        return framed;
    }
}
