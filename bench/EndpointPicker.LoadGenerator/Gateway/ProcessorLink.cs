using System.Threading.Channels;
using EndpointPicker.LoadGenerator.Client;
using EndpointPicker.LoadGenerator.Rules;
using Envoy.Config.Core.V3;
using Envoy.Extensions.Filters.Http.ExtProc.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Case = Envoy.Service.ExtProc.V3.ProcessingResponse.ResponseOneofCase;

namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>
/// One request's conversation with the picker: sends what Envoy would send and deals the answers out by direction. What the picker says of the
/// destination is collected here, whichever answer it comes in.
/// </summary>
internal sealed class ProcessorLink : IAsyncDisposable
{
    private const string LoadBalancing = "envoy.lb";
    private const string DestinationKey = "x-gateway-destination-endpoint";

    private readonly ExtProcStream _stream;
    private readonly GatewayOptions _options;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly Channel<Answer> _requestAnswers = Channel.CreateUnbounded<Answer>();
    private readonly Channel<Answer> _responseAnswers = Channel.CreateUnbounded<Answer>();
    private readonly Struct _loadBalancing = new();
    private readonly EnvoyRules _rules;
    private readonly Task _reading;
    private Answer _end;
    private bool _first = true;
    private int _closed;

    public ProcessorLink(ExtProcStream stream, GatewayOptions options)
    {
        _stream = stream;
        _options = options;
        _rules = new EnvoyRules(new EnvoyRulesOptions
        {
            RequestBodyMode = (ProcessingMode.Types.BodySendMode)options.RequestBodyMode,
            ResponseBodyMode = (ProcessingMode.Types.BodySendMode)options.ResponseBodyMode,
            AllowModeOverride = options.AllowModeOverride,
            AllowRewrittenBodies = true,
            RequireDestination = false,
        });
        _reading = ReadAsync();
    }

    /// <summary>The destination in the picker's metadata, or null.</summary>
    public string? DestinationMetadata => _loadBalancing.Fields.TryGetValue(DestinationKey, out Value? value) ? value.StringValue : null;

    /// <summary>What the picker did that the protocol does not allow.</summary>
    public IReadOnlyList<string> Violations
    {
        get
        {
            lock (_rules)
            {
                return [.. _rules.Violations];
            }
        }
    }

    public Task<bool> SendRequestHeadersAsync(HeaderList headers, bool end) =>
        SendAsync(new ProcessingRequest { RequestHeaders = new HttpHeaders { Headers = headers.ToProto(), EndOfStream = end } });

    public Task<bool> SendRequestBodyAsync(ReadOnlyMemory<byte> bytes, bool end) =>
        SendAsync(new ProcessingRequest { RequestBody = new HttpBody { Body = UnsafeByteOperations.UnsafeWrap(bytes), EndOfStream = end } });

    public Task<bool> SendRequestTrailersAsync(HeaderList trailers) =>
        SendAsync(new ProcessingRequest { RequestTrailers = new HttpTrailers { Trailers = trailers.ToProto() } });

    public Task<bool> SendResponseHeadersAsync(UpstreamResponse response, HeaderList headers)
    {
        if (response.Served is not null)
        {
            _loadBalancing.Fields[DestinationKey + "-served"] = Value.ForString(response.Served);
        }

        var attributes = new Struct();
        attributes.Fields["response.code_details"] = Value.ForString(response.Details);
        attributes.Fields["response.flags"] = Value.ForNumber(response.Flags);
        attributes.Fields["upstream.request_attempt_count"] = Value.ForNumber(response.Attempts);
        if (response.Served is not null)
        {
            attributes.Fields["upstream.address"] = Value.ForString(response.Served);
        }

        var message = new ProcessingRequest { ResponseHeaders = new HttpHeaders { Headers = headers.ToProto(), EndOfStream = response.IsEmpty } };
        message.Attributes["envoy.filters.http.ext_proc"] = attributes;
        return SendAsync(message);
    }

    public Task<bool> SendResponseBodyAsync(ReadOnlyMemory<byte> bytes, bool end) =>
        SendAsync(new ProcessingRequest { ResponseBody = new HttpBody { Body = UnsafeByteOperations.UnsafeWrap(bytes), EndOfStream = end } });

    public Task<bool> SendResponseTrailersAsync(HeaderList trailers) =>
        SendAsync(new ProcessingRequest { ResponseTrailers = new HttpTrailers { Trailers = trailers.ToProto() } });

    /// <summary>The next answer of one direction; anything but <paramref name="expected"/> is spurious, except trailers where bodies are due.</summary>
    public async Task<Answer> NextAsync(Case expected, TimeSpan timeout)
    {
        ChannelReader<Answer> answers = IsRequest(expected) ? _requestAnswers.Reader : _responseAnswers.Reader;
        try
        {
            Answer answer = await answers.ReadAsync().AsTask().WaitAsync(timeout);
            bool matches = answer.Kind != AnswerKind.Message || answer.Message!.ResponseCase == expected
                || (expected == Case.RequestBody && answer.Message.ResponseCase == Case.RequestTrailers)
                || (expected == Case.ResponseBody && answer.Message.ResponseCase == Case.ResponseTrailers);
            return matches ? answer : new Answer(AnswerKind.Spurious, Detail: $"spurious_message: {answer.Message!.ResponseCase} for {expected}");
        }
        catch (TimeoutException)
        {
            return new Answer(AnswerKind.TimedOut, Detail: "per-message_timeout_exceeded");
        }
        catch (ChannelClosedException)
        {
            return _end;
        }
    }

    /// <summary>Resets the stream: the normal end of every request.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            await _reading;
            return;
        }

        await _stream.DisposeAsync();
        await _reading;
    }

    private static bool IsRequest(Case kind) => kind is Case.RequestHeaders or Case.RequestBody or Case.RequestTrailers;

    private async Task<bool> SendAsync(ProcessingRequest message)
    {
        await _sending.WaitAsync();
        try
        {
            if (_first)
            {
                _first = false;
                message.ProtocolConfig = new ProtocolConfiguration
                {
                    RequestBodyMode = (ProcessingMode.Types.BodySendMode)_options.RequestBodyMode,
                    ResponseBodyMode = (ProcessingMode.Types.BodySendMode)_options.ResponseBodyMode,
                };
            }

            message.MetadataContext = Metadata();
            lock (_rules)
            {
                _rules.OnSent(message);
            }

            return await _stream.SendAsync(message);
        }
        finally
        {
            _sending.Release();
        }
    }

    private Metadata Metadata()
    {
        var metadata = new Metadata();
        if (_options.SubsetHint.Count > 0)
        {
            var hint = new Struct();
            hint.Fields["x-gateway-destination-endpoint-subset"] = Value.ForList([.. _options.SubsetHint.Select(Value.ForString)]);
            metadata.FilterMetadata["envoy.lb.subset_hint"] = hint;
        }

        lock (_loadBalancing)
        {
            if (_loadBalancing.Fields.Count > 0)
            {
                metadata.FilterMetadata[LoadBalancing] = _loadBalancing.Clone();
            }
        }

        return metadata;
    }

    private async Task ReadAsync()
    {
        while (await _stream.ReadAsync() is { } message)
        {
            if (Breach(message) is { } breach)
            {
                End(new Answer(AnswerKind.Spurious, Detail: breach));
                return;
            }

            if (message.DynamicMetadata?.Fields.TryGetValue(LoadBalancing, out Value? value) == true && value.StructValue is { } fields)
            {
                lock (_loadBalancing)
                {
                    _loadBalancing.MergeFrom(fields);
                }
            }

            if (message.ResponseCase is Case.ImmediateResponse)
            {
                End(new Answer(AnswerKind.Immediate, message));
                return;
            }

            if (message.ResponseCase is Case.None or Case.StreamedImmediateResponse)
            {
                End(new Answer(AnswerKind.Spurious, Detail: "unhandled_message"));
                return;
            }

            (IsRequest(message.ResponseCase) ? _requestAnswers : _responseAnswers).Writer.TryWrite(new Answer(AnswerKind.Message, message));
        }

        End(_stream.Status.IsOk ? new Answer(AnswerKind.ClosedOk) : new Answer(AnswerKind.Failed, Detail: $"ext_proc_error_{_stream.Status}"));
    }

    private string? Breach(ProcessingResponse message)
    {
        lock (_rules)
        {
            _rules.OnReceived(message);
            return _options.Strict && _rules.Violations.Count > 0 ? _rules.Violations[0] : null;
        }
    }

    private void End(Answer end)
    {
        _end = end;
        _requestAnswers.Writer.TryComplete();
        _responseAnswers.Writer.TryComplete();
    }
}
