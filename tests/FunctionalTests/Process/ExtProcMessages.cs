using EndpointPicker.LoadGenerator.Client;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Testing;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;

namespace FunctionalTests.Process;

/// <summary>The few messages with which tests talk to the picker without a proxy.</summary>
internal static class ExtProcMessages
{
    public const string Method = "/envoy.service.ext_proc.v3.ExternalProcessor/Process";

    /// <summary>The headers of a completion, or of a GET, which has no body.</summary>
    public static ProcessingRequest Headers(bool body, params ReadOnlySpan<(string Name, string Value)> more)
    {
        HeaderMap headers = new();
        headers.Headers.Add(Header(":method", body ? "POST" : "GET"));
        headers.Headers.Add(Header(":path", body ? "/v1/completions" : "/v1/models"));
        headers.Headers.Add(Header(":authority", "example"));
        headers.Headers.Add(Header("content-type", "application/json"));
        foreach ((string name, string value) in more)
        {
            headers.Headers.Add(Header(name, value));
        }

        return new ProcessingRequest
        {
            RequestHeaders = new HttpHeaders { Headers = headers, EndOfStream = !body },
            ProtocolConfig = new ProtocolConfiguration { RequestBodyMode = BodySendMode.FullDuplexStreamed },
        };
    }

    public static ProcessingRequest Body(string text) =>
        new() { RequestBody = new HttpBody { Body = ByteString.CopyFromUtf8(text), EndOfStream = true } };

    /// <summary>A whole stream for a GET.</summary>
    /// <returns>The destination that was named.</returns>
    public static async Task<string> PickAsync(this ExtProcClient client)
    {
        await using ExtProcStream stream = client.Open(TestContext.Current.CancellationToken);
        Assert.True(await stream.SendAsync(Headers(body: false)));
        ProcessingResponse? answer = await stream.ReadAsync().DefaultTimeout();
        Assert.True(answer is not null, stream.Status.ToString());
        stream.CompleteSending();
        Assert.Null(await stream.ReadAsync().DefaultTimeout());
        Assert.True(stream.Status.IsOk, stream.Status.ToString());
        return answer.RequestHeaders.Response.HeaderMutation.SetHeaders.Single(set => set.Header.Key == "x-gateway-destination-endpoint").Header.RawValue.ToStringUtf8();
    }

    private static HeaderValue Header(string name, string value) => new() { Key = name, RawValue = ByteString.CopyFromUtf8(value) };
}
