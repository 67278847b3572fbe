using System.Diagnostics;
using System.Text;
using EndpointPicker.LoadGenerator.Client;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;
using Case = Envoy.Service.ExtProc.V3.ProcessingResponse.ResponseOneofCase;

namespace EndpointPicker.LoadGenerator.Load;

/// <summary>One request's conversation, message by message as Envoy has it, and checked: order, end flags and every echoed byte.</summary>
internal sealed class Exchange(ExtProcStream stream, LoadOptions options)
{
    private const string DestinationHeader = "x-gateway-destination-endpoint";
    private static readonly byte[] Event = Encoding.ASCII.GetBytes("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"}}]}\n\n");

    private string? _destination;
    private long _lastSent;
    private TimeSpan _decision;

    public async Task<ExchangeResult> RunAsync(byte[] body)
    {
        string? error = options.Mode switch
        {
            LoadMode.Headers => await RunHeadersAsync(),
            LoadMode.Buffered => await RunBufferedAsync(body),
            _ => await RunDuplexAsync(body),
        };
        long answered = Stopwatch.GetTimestamp();
        if (error is null && options.Verify && _destination is null)
        {
            error = "no destination was named";
        }

        if (error is null && options.Hold > TimeSpan.Zero)
        {
            await Task.Delay(options.Hold);
        }

        error ??= await ShowResponseAsync();
        return error is null ? new ExchangeResult(_destination, _decision, answered, null) : ExchangeResult.Failed(error);
    }

    private async Task<string?> RunHeadersAsync()
    {
        await SendAsync(Headers("GET", 0, end: true));
        return Check(await stream.ReadAsync(), Case.RequestHeaders);
    }

    private async Task<string?> RunBufferedAsync(byte[] body)
    {
        await SendAsync(Headers("POST", body.Length, end: false));
        if (Check(await stream.ReadAsync(), Case.RequestHeaders) is { } error)
        {
            return error;
        }

        await SendAsync(new ProcessingRequest { RequestBody = new HttpBody { Body = UnsafeByteOperations.UnsafeWrap(body), EndOfStream = true } });
        return Check(await stream.ReadAsync(), Case.RequestBody);
    }

    private async Task<string?> RunDuplexAsync(byte[] body)
    {
        // Read while sending, as a proxy does: a server that echoes as it goes would else wait for us as we wait for it.
        Task sending = SendDuplexAsync(body);
        string? error = Check(await stream.ReadAsync(), Case.RequestHeaders) ?? await ReadEchoAsync(body, Case.RequestBody);
        if (error is null)
        {
            // Where there is one, the stream's end ends the sending too.
            await sending;
        }

        return error;
    }

    private async Task SendDuplexAsync(byte[] body)
    {
        await SendAsync(Headers("POST", body.Length, end: false));
        for (int start = 0; start < body.Length; start += options.Chunk)
        {
            ReadOnlyMemory<byte> chunk = body.AsMemory(start, Math.Min(options.Chunk, body.Length - start));
            await SendAsync(new ProcessingRequest { RequestBody = new HttpBody { Body = UnsafeByteOperations.UnsafeWrap(chunk) } });
        }

        await SendAsync(new ProcessingRequest { RequestBody = new HttpBody { EndOfStream = true } });
    }

    private async Task<string?> ShowResponseAsync()
    {
        if (options.ResponseChunks == 0)
        {
            return null;
        }

        var headers = new HeaderMap();
        headers.Headers.Add(Header(":status", "200"));
        headers.Headers.Add(Header("content-type", "text/event-stream"));
        await stream.SendAsync(new ProcessingRequest { ResponseHeaders = new HttpHeaders { Headers = headers } });
        if (Check(await stream.ReadAsync(), Case.ResponseHeaders) is { } error)
        {
            return error;
        }

        byte[] all = new byte[Event.Length * options.ResponseChunks];
        for (int i = 0; i < options.ResponseChunks; i++)
        {
            Event.CopyTo(all, i * Event.Length);
            await stream.SendAsync(new ProcessingRequest { ResponseBody = new HttpBody { Body = UnsafeByteOperations.UnsafeWrap(Event) } });
        }

        await stream.SendAsync(new ProcessingRequest { ResponseBody = new HttpBody { EndOfStream = true } });
        return await ReadEchoAsync(all, Case.ResponseBody);
    }

    private async Task<string?> ReadEchoAsync(byte[] body, Case kind)
    {
        int echoed = 0;
        while (true)
        {
            ProcessingResponse? answer = await stream.ReadAsync();
            if (Check(answer, kind) is { } error)
            {
                return error;
            }

            BodyResponse response = kind == Case.RequestBody ? answer!.RequestBody : answer!.ResponseBody;
            StreamedBodyResponse? streamed = response.Response?.BodyMutation?.StreamedResponse;
            if (streamed is null)
            {
                return "a body answer without streamed_response";
            }

            if (echoed + streamed.Body.Length > body.Length || !streamed.Body.Span.SequenceEqual(body.AsSpan(echoed, streamed.Body.Length)))
            {
                return $"another body came back, from byte {echoed} on";
            }

            echoed += streamed.Body.Length;
            if (streamed.EndOfStream)
            {
                return echoed == body.Length ? null : $"{echoed} of {body.Length} bytes came back";
            }
        }
    }

    private async Task SendAsync(ProcessingRequest message)
    {
        await stream.SendAsync(message);
        _lastSent = Stopwatch.GetTimestamp();
    }

    private string? Check(ProcessingResponse? answer, Case expected)
    {
        if (answer is null)
        {
            return $"ended with {stream.Status} where {expected} was due";
        }

        if (answer.ResponseCase == Case.ImmediateResponse)
        {
            return $"an immediate response: {(int)answer.ImmediateResponse.Status.Code} {answer.ImmediateResponse.Body.ToStringUtf8()}";
        }

        if (answer.ResponseCase != expected)
        {
            return $"{answer.ResponseCase} where {expected} was due";
        }

        if (_destination is null && DestinationIn(answer) is { } destination)
        {
            _destination = destination;
            _decision = Stopwatch.GetElapsedTime(_lastSent);
        }

        return null;
    }

    private static string? DestinationIn(ProcessingResponse answer)
    {
        HeaderMutation? mutation = answer.ResponseCase switch
        {
            Case.RequestHeaders => answer.RequestHeaders.Response?.HeaderMutation,
            Case.RequestBody => answer.RequestBody.Response?.HeaderMutation,
            _ => null,
        };
        return mutation?.SetHeaders.FirstOrDefault(header => header.Header.Key == DestinationHeader)?.Header.RawValue.ToStringUtf8();
    }

    private ProcessingRequest Headers(string method, int length, bool end)
    {
        var headers = new HeaderMap();
        headers.Headers.Add(Header(":authority", "llm.example"));
        headers.Headers.Add(Header(":path", end ? "/v1/models" : "/v1/chat/completions"));
        headers.Headers.Add(Header(":method", method));
        headers.Headers.Add(Header(":scheme", "http"));
        headers.Headers.Add(Header("user-agent", "epp-load"));
        headers.Headers.Add(Header("accept", "*/*"));
        headers.Headers.Add(Header("content-type", "application/json"));
        headers.Headers.Add(Header("content-length", $"{length}"));
        headers.Headers.Add(Header("authorization", "Bearer sk-0123456789abcdef0123456789abcdef"));
        headers.Headers.Add(Header("x-forwarded-proto", "http"));
        headers.Headers.Add(Header("x-request-id", Guid.NewGuid().ToString()));
        return new ProcessingRequest
        {
            RequestHeaders = new HttpHeaders { Headers = headers, EndOfStream = end },
            MetadataContext = new Metadata(),
            ProtocolConfig = new ProtocolConfiguration
            {
                RequestBodyMode = options.Mode switch
                {
                    LoadMode.Headers => BodySendMode.None,
                    LoadMode.Buffered => BodySendMode.Buffered,
                    _ => BodySendMode.FullDuplexStreamed,
                },
                ResponseBodyMode = options.ResponseChunks > 0 ? BodySendMode.FullDuplexStreamed : BodySendMode.None,
            },
        };
    }

    private static HeaderValue Header(string name, string value) => new() { Key = name, RawValue = ByteString.CopyFromUtf8(value) };
}
