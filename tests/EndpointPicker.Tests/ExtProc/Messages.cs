using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using static Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types;

namespace EndpointPicker.Tests.ExtProc;

/// <summary>Messages as Envoy makes them.</summary>
internal static class Messages
{
    public static ProcessingRequest RequestHeaders(bool end = false, params (string Name, string Value)[] more) =>
        new() { RequestHeaders = Headers(end, [(":method", end ? "GET" : "POST"), (":path", "/v1/completions"), .. more]) };

    public static ProcessingRequest RequestBody(string body, bool end = false) => new() { RequestBody = Body(ByteString.CopyFromUtf8(body), end) };

    public static ProcessingRequest RequestBody(byte[] body, bool end = false) => new() { RequestBody = Body(ByteString.CopyFrom(body), end) };

    public static ProcessingRequest RequestTrailers() => new() { RequestTrailers = new HttpTrailers { Trailers = Map(("x-trail", "t")) } };

    public static ProcessingRequest ResponseHeaders(bool end = false, params (string Name, string Value)[] more) =>
        new() { ResponseHeaders = Headers(end, [(":status", "200"), .. more]) };

    public static ProcessingRequest ResponseBody(string body, bool end = false) => new() { ResponseBody = Body(ByteString.CopyFromUtf8(body), end) };

    public static ProcessingRequest ResponseTrailers() => new() { ResponseTrailers = new HttpTrailers { Trailers = Map(("x-trail", "t")) } };

    public static ProcessingRequest In(this ProcessingRequest message, BodySendMode request, BodySendMode response = BodySendMode.None)
    {
        message.ProtocolConfig = new ProtocolConfiguration { RequestBodyMode = request, ResponseBodyMode = response };
        return message;
    }

    private static HttpHeaders Headers(bool end, (string Name, string Value)[] lines) => new() { Headers = Map(lines), EndOfStream = end };

    private static HttpBody Body(ByteString body, bool end) => new() { Body = body, EndOfStream = end };

    private static HeaderMap Map(params (string Name, string Value)[] lines)
    {
        HeaderMap map = new();
        map.Headers.AddRange(lines.Select(line => new HeaderValue { Key = line.Name, RawValue = ByteString.CopyFromUtf8(line.Value) }));
        return map;
    }
}
