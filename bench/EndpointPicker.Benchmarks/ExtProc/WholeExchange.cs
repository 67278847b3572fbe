using System.Buffers;
using BenchmarkDotNet.Attributes;
using EndpointPicker.Benchmarks.Requests;
using EndpointPicker.Benchmarks.Scheduling;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.ExtProc;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using static Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types;

namespace EndpointPicker.Benchmarks.ExtProc;

/// <summary>
/// What does one request cost without its socket: full-duplex messages decoded, the body read and hashed, a pick among 100 endpoints with all
/// four scorers, the answers written, a response observed, and the end?
/// </summary>
public class WholeExchange
{
    // As Envoy cuts bodies where its buffers have their default size.
    private const int Part = 16 * 1024;

    private readonly DiscardingOutput _output = new();
    private ReadOnlySequence<byte>[] _messages = [];
    private Exchange _exchange = null!;

    [Params(1024, 32 * 1024, 400 * 1024)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        ScrapedPool pool = new(100);
        DecisionPolicy policy = new() { Scheduler = pool.Schedule(byPrefix: true), Freshness = pool.Freshness };
        RequestTelemetry telemetry = new(null, null, NullLogger<RequestDirector>.Instance);
        RequestDirector director = new(pool.Pool, policy, telemetry, TimeProvider.System, new Random(1));
        PoolDirectory pools = new([]);
        pools.Replace(
        [
            new DirectedPool(pool.Pool)
            {
                Policy = policy,
                Director = director,
                Rehearsal = new Rehearsal(pool.Pool, policy, NullLogger<RequestDirector>.Instance, TimeProvider.System, new Random(1)),
                Profiles = [],
            },
        ]);
        _exchange = new Exchange(new DirectedRequestControl(pools), new ExtProcOptions(), TimeProvider.System, NullLogger.Instance);
        byte[] body = ChatBody.OfLength(Bytes);
        _messages =
        [
            .. new[] { RequestHeaders() }
                .Concat(Enumerable.Range(0, (body.Length + Part - 1) / Part).Select(i => RequestBody(body, i * Part)))
                .Append(ResponseHeaders())
                .Append(ResponseBody())
                .Select(message => new ReadOnlySequence<byte>(message.ToByteArray())),
        ];
    }

    [GlobalCleanup]
    public void Cleanup() => _exchange.Dispose();

    [Benchmark]
    public int FullDuplex()
    {
        _output.Messages = 0;
        _exchange.Start(_output);
        foreach (ReadOnlySequence<byte> message in _messages)
        {
            ValueTask<ExchangeStep> step = _exchange.TakeAsync(message);
            if (!step.IsCompletedSuccessfully || step.Result == ExchangeStep.Invalid)
            {
                throw new InvalidOperationException("The exchange waits or fails.");
            }

            _exchange.ShouldEnd();
            _exchange.Flushed();
        }

        bool decided = _exchange.Destination.Value.Length > 0;
        _exchange.End(byUs: false);
        _exchange.Reset();
        return decided && _output.Messages >= 4 ? _output.Messages : throw new InvalidOperationException("Nothing was picked.");
    }

    private static ProcessingRequest RequestHeaders() => new()
    {
        RequestHeaders = new HttpHeaders
        {
            Headers = Headers(
            [
                (":method", "POST"), (":path", "/v1/chat/completions"), (":authority", "llm.example"), (":scheme", "http"),
                ("content-type", "application/json"), ("x-request-id", "5f1d3c9e-8f57-4a0e-9a5c-0a9b1c2d3e4f"), ("user-agent", "openai-python/1.40"),
                ("accept", "*/*"), ("x-forwarded-proto", "http"),
            ]),
        },
        ProtocolConfig = new ProtocolConfiguration { RequestBodyMode = BodySendMode.FullDuplexStreamed, ResponseBodyMode = BodySendMode.FullDuplexStreamed },
    };

    private static ProcessingRequest RequestBody(byte[] body, int at)
    {
        int length = Math.Min(Part, body.Length - at);
        return new ProcessingRequest
        {
            RequestBody = new HttpBody { Body = ByteString.CopyFrom(body, at, length), EndOfStream = at + length == body.Length },
        };
    }

    private static ProcessingRequest ResponseHeaders() =>
        new() { ResponseHeaders = new HttpHeaders { Headers = Headers([(":status", "200"), ("content-type", "text/event-stream")]) } };

    private static ProcessingRequest ResponseBody() => new()
    {
        ResponseBody = new HttpBody
        {
            Body = ByteString.CopyFromUtf8("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":500,\"completion_tokens\":9,\"total_tokens\":509}}\n\ndata: [DONE]\n\n"),
            EndOfStream = true,
        },
    };

    private static HeaderMap Headers((string Name, string Value)[] headers) =>
        new() { Headers = { headers.Select(header => new HeaderValue { Key = header.Name, RawValue = ByteString.CopyFromUtf8(header.Value) }) } };
}
