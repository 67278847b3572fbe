using System.Diagnostics;
using EndpointPicker.LoadGenerator.Client;
using Envoy.Service.ExtProc.V3;
using Microsoft.AspNetCore.Http;

namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>One request on its way through the gateway: the picker is consulted, the upstream asked, the picker shown the answer.</summary>
internal sealed partial class GatewayExchange : IAsyncDisposable
{
    private const string DestinationHeader = "x-gateway-destination-endpoint";

    private readonly HttpContext _http;
    private readonly GatewayOptions _options;
    private readonly ExtProcClient? _processor;
    private readonly UpstreamCluster _cluster;
    private readonly CancellationTokenSource _stop;
    private readonly HeaderList _headers;
    private readonly ClientBody _body;
    private readonly ClientResponse _client;
    private readonly RequestBody _upstreamBody;
    private readonly string _requestId;
    private readonly long _started = Stopwatch.GetTimestamp();

    private ProcessorLink? _link;
    private bool _consulting;
    private BodyMode _requestMode;
    private BodyMode _responseMode;
    private Task _pump = Task.CompletedTask;
    private Task _closing = Task.CompletedTask;
    private TimeSpan _decision;

    // Set by the pump when the request must end while the upstream is already asked.
    private volatile LocalReply? _interruption;

    public GatewayExchange(HttpContext http, GatewayOptions options, ExtProcClient? processor, UpstreamCluster cluster)
    {
        _http = http;
        _client = new ClientResponse(http);
        _options = options;
        _upstreamBody = new RequestBody(options.BufferLimit);
        _processor = processor;
        _cluster = cluster;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        _requestId = http.Request.Headers["x-request-id"] is [{ Length: > 0 } id, ..] ? id : Guid.NewGuid().ToString();
        _headers = HeaderList.FromRequest(http.Request, _requestId);

        // A client must not choose for itself.
        _headers.Remove(DestinationHeader);
        _body = new ClientBody(http.Request, _stop.Token);
        _requestMode = options.RequestBodyMode;
        _responseMode = options.ResponseBodyMode;
    }

    public GatewayRecord Record { get; private set; } = new("", 0, "downstream_remote_disconnect", null, null, 0, TimeSpan.Zero);

    public IReadOnlyList<string> Violations => _link?.Violations ?? [];

    public async Task RunAsync()
    {
        Record = Record with { RequestId = _requestId };
        LocalReply? reply = _processor is null ? PassUnasked() : await ConsultOnRequestAsync(_processor);
        _decision = Stopwatch.GetElapsedTime(_started);
        if (reply is not null)
        {
            await SendAsync(reply);
            return;
        }

        if (_link is not null && !_options.SendResponseHeaders && _responseMode == BodyMode.None && _requestMode is not (BodyMode.Buffered or BodyMode.BufferedPartial))
        {
            _closing = CloseAfterRequestAsync();
        }

        string? picked = _link?.DestinationMetadata ?? _headers[DestinationHeader];
        Record = Record with { Picked = picked, Decision = _decision };
        try
        {
            await using UpstreamResponse response = await _cluster.SendAsync(_headers, _upstreamBody, picked, _stop.Token);
            Record = Record with { Status = response.Status, Details = response.Details, Served = response.Served, Attempts = response.Attempts };
            await RespondAsync(response);
        }
        catch (OperationCanceledException) when (_interruption is not null && !_http.RequestAborted.IsCancellationRequested)
        {
            await SendAsync(_interruption);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_link is not null)
        {
            await _link.DisposeAsync();
        }

        await _pump;
        await _closing;
        _stop.Dispose();
    }

    /// <summary>
    /// What an answer means for the request: null to go on, with the picker or, once <see cref="_consulting"/> is false, without; else the
    /// answer that ends the request.
    /// </summary>
    private LocalReply? Judge(Answer answer, bool mayFailOpen)
    {
        switch (answer.Kind)
        {
            case AnswerKind.Message:
                return null;
            case AnswerKind.ClosedOk:
                _consulting = false;
                return null;
            case AnswerKind.Immediate:
                _consulting = false;
                return LocalReply.From(answer.Message!.ImmediateResponse);
            default:
                _consulting = false;
                int status = answer.Kind == AnswerKind.TimedOut ? StatusCodes.Status504GatewayTimeout : _options.StatusOnError;
                return mayFailOpen && _options.FailureModeAllow ? null : LocalReply.Text(status, "", answer.Detail);
        }
    }

    // Where nothing of the response is to be shown, Envoy resets the stream as soon as the request phase is answered.
    private async Task CloseAfterRequestAsync()
    {
        await _pump;
        await _link!.DisposeAsync();
    }

    private TimeSpan PatienceFor(BodyMode mode) => mode == BodyMode.FullDuplexStreamed ? Timeout.InfiniteTimeSpan : _options.MessageTimeout;

    private async Task SendAsync(LocalReply reply)
    {
        if (_client.HasStarted)
        {
            _client.Abort();
            return;
        }

        Record = Record with { Status = reply.Status, Details = reply.Details, Decision = _decision };
        await using UpstreamResponse response = UpstreamResponse.From(reply);
        _client.Start(response.Status, response.Headers, response.IsEmpty);
        await _client.WriteAsync(reply.Body);
        await _client.EndAsync();
    }

    private static CommonResponse? CommonOf(ProcessingResponse message) => message.ResponseCase switch
    {
        ProcessingResponse.ResponseOneofCase.RequestHeaders => message.RequestHeaders.Response,
        ProcessingResponse.ResponseOneofCase.RequestBody => message.RequestBody.Response,
        ProcessingResponse.ResponseOneofCase.ResponseHeaders => message.ResponseHeaders.Response,
        ProcessingResponse.ResponseOneofCase.ResponseBody => message.ResponseBody.Response,
        _ => null,
    };
}
