using Envoy.Config.Core.V3;
using Envoy.Extensions.Filters.Http.ExtProc.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf.WellKnownTypes;
using static Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types;

namespace EndpointPicker.LoadGenerator.Rules;

/// <summary>
/// Judges a picker's answers as Envoy does: it is told what was sent and what came back, in that order, and names each breach. Written from
/// what a real Envoy was seen to take and to refuse; it shares nothing with the picker.
/// </summary>
public sealed class EnvoyRules
{
    public const string DestinationHeaderName = "x-gateway-destination-endpoint";

    private readonly EnvoyRulesOptions _options;
    private readonly List<string> _violations = [];
    private readonly DirectionRules _request;
    private readonly DirectionRules _response;
    private bool _requestHeadersSent;
    private bool _clientForgedDestination;
    private bool _firstMessageWasWholeBody;
    private bool _anySent;
    private bool _destinationRemoved;
    private bool _ended;
    private bool _endedByError;

    public EnvoyRules(EnvoyRulesOptions options)
    {
        _options = options;
        _request = new DirectionRules("request", _violations.Add) { Mode = options.RequestBodyMode, MayRewrite = options.AllowRewrittenBodies };
        _response = new DirectionRules("response", _violations.Add) { Mode = options.ResponseBodyMode, MayRewrite = options.AllowRewrittenBodies };
    }

    /// <summary>Every breach so far.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>The destination header as the upstream filter chain would see it from the picker.</summary>
    public string? DestinationHeader { get; private set; }

    /// <summary>The destination in dynamic metadata.</summary>
    public string? DestinationMetadata { get; private set; }

    /// <summary>The picker's own answer to the HTTP request, if it gave one.</summary>
    public ImmediateResponse? Immediate { get; private set; }

    /// <summary>The modes after an override that the configuration allows.</summary>
    public BodySendMode RequestBodyMode => _request.Mode;

    /// <summary>The request's body as it came back, where the mode sends it back or it was replaced.</summary>
    public byte[] RequestBodySentBack => _request.SentBack;

    /// <summary>The response's body as it came back, where the mode sends it back or it was replaced.</summary>
    public byte[] ResponseBodySentBack => _response.SentBack;

    /// <summary>Whether Envoy waits for nothing that it needs to go on with what it has sent.</summary>
    public bool IsSettled => Immediate is not null || _ended || _options.ObservabilityMode || (_request.IsSettled && _response.IsSettled);

    /// <summary>Says what is sent; call it before the answers can come.</summary>
    public void OnSent(ProcessingRequest message)
    {
        _firstMessageWasWholeBody |= !_anySent && message.RequestBody is { EndOfStream: true };
        _anySent = true;
        switch (message.RequestCase)
        {
            case ProcessingRequest.RequestOneofCase.RequestHeaders:
                _requestHeadersSent = true;
                _clientForgedDestination = message.RequestHeaders.Headers?.Headers.Any(line => line.Key == DestinationHeaderName) ?? false;
                _request.SentHeaders(message.RequestHeaders);
                break;
            case ProcessingRequest.RequestOneofCase.RequestBody:
                _request.SentBody(message.RequestBody);
                break;
            case ProcessingRequest.RequestOneofCase.RequestTrailers:
                _request.SentTrailers();
                break;
            case ProcessingRequest.RequestOneofCase.ResponseHeaders:
                _response.SentHeaders(message.ResponseHeaders);
                break;
            case ProcessingRequest.RequestOneofCase.ResponseBody:
                _response.SentBody(message.ResponseBody);
                break;
            case ProcessingRequest.RequestOneofCase.ResponseTrailers:
                _response.SentTrailers();
                break;
            default:
                break;
        }
    }

    /// <summary>Judges an answer.</summary>
    public void OnReceived(ProcessingResponse answer)
    {
        if (_options.ObservabilityMode)
        {
            _violations.Add($"an answer in observability mode: {answer.ResponseCase}");
        }

        if (_ended || Immediate is not null)
        {
            _violations.Add($"{answer.ResponseCase} after the end");
        }

        if (answer.ModeOverride is not null && answer.ResponseCase is not (ProcessingResponse.ResponseOneofCase.RequestHeaders or ProcessingResponse.ResponseOneofCase.ResponseHeaders))
        {
            _violations.Add($"mode_override in {answer.ResponseCase}");
        }

        TakeMetadata(answer);
        switch (answer.ResponseCase)
        {
            case ProcessingResponse.ResponseOneofCase.RequestHeaders:
                _request.Headers(answer.RequestHeaders);
                TakeDestination(answer.RequestHeaders.Response, applies: true);
                TakeOverride(answer.ModeOverride);
                break;
            case ProcessingResponse.ResponseOneofCase.RequestBody:
                TakeDestination(answer.RequestBody.Response, HeadersChangeWithBody);
                _request.Body(answer.RequestBody);
                break;
            case ProcessingResponse.ResponseOneofCase.RequestTrailers:
                _request.Trailers();
                break;
            case ProcessingResponse.ResponseOneofCase.ResponseHeaders:
                CheckHeaders(answer.ResponseHeaders.Response?.HeaderMutation);
                _response.Headers(answer.ResponseHeaders);
                break;
            case ProcessingResponse.ResponseOneofCase.ResponseBody:
                CheckHeaders(answer.ResponseBody.Response?.HeaderMutation);
                _response.Body(answer.ResponseBody);
                break;
            case ProcessingResponse.ResponseOneofCase.ResponseTrailers:
                _response.Trailers();
                break;
            case ProcessingResponse.ResponseOneofCase.ImmediateResponse:
                TakeImmediate(answer.ImmediateResponse);
                break;
            default:
                _violations.Add($"unhandled message: {answer.ResponseCase}");
                break;
        }
    }

    /// <summary>Judges the picker's end of the stream.</summary>
    /// <param name="ok">Whether its status was OK.</param>
    public void OnEnded(bool ok)
    {
        _ended = true;
        _endedByError = !ok;
        if (!ok || Immediate is not null || _options.ObservabilityMode)
        {
            return;
        }

        if (!_request.NothingToLose)
        {
            _violations.Add("request: closed with OK before the whole body was sent back");
        }

        if (!_response.NothingToLose)
        {
            _violations.Add("response: closed with OK before the whole body was sent back");
        }
    }

    /// <summary>Judges the whole, once all is sent and the picker has answered what it will.</summary>
    public void Finish()
    {
        if (_options.ObservabilityMode || Immediate is not null || _endedByError)
        {
            return;
        }

        if (!_ended)
        {
            _request.Finish();
            _response.Finish();
        }

        if (!_options.RequireDestination || !_request.Started)
        {
            return;
        }

        if (DestinationMetadata is null)
        {
            _violations.Add("no destination in dynamic metadata");
        }

        if (_clientForgedDestination && DestinationHeader is null && !_destinationRemoved)
        {
            _violations.Add("the client's own destination header went through");
        }
        else if (_requestHeadersSent && DestinationHeader is null && !_request.LeftNoAnswerForHeaders)
        {
            _violations.Add("no destination header");
        }
    }

    private bool HeadersChangeWithBody => _request.Mode switch
    {
        BodySendMode.Buffered or BodySendMode.BufferedPartial => true,
        BodySendMode.Streamed => _firstMessageWasWholeBody,
        _ => false,
    };

    private void TakeDestination(CommonResponse? common, bool applies)
    {
        CheckHeaders(common?.HeaderMutation);
        _destinationRemoved |= applies && (common?.HeaderMutation?.RemoveHeaders.Contains(DestinationHeaderName) ?? false);
        HeaderValue? set = common?.HeaderMutation?.SetHeaders.LastOrDefault(option => option.Header.Key == DestinationHeaderName)?.Header;
        if (set is null || !applies)
        {
            return;
        }

        DestinationHeader = set.RawValue.ToStringUtf8();
        if (DestinationHeader.Length == 0 || DestinationHeader.Contains(' ', StringComparison.Ordinal))
        {
            _violations.Add($"the destination header is \"{DestinationHeader}\"");
        }

        if (DestinationMetadata != DestinationHeader)
        {
            _violations.Add($"destination header {DestinationHeader} and metadata {DestinationMetadata} differ");
        }
    }

    private void TakeMetadata(ProcessingResponse answer)
    {
        Value? space = answer.DynamicMetadata?.Fields.GetValueOrDefault("envoy.lb");
        if (answer.DynamicMetadata is not null && answer.DynamicMetadata.Fields.Values.Any(value => value.KindCase != Value.KindOneofCase.StructValue))
        {
            _violations.Add("a metadata namespace that is no struct");
        }

        if (space?.StructValue?.Fields.GetValueOrDefault(DestinationHeaderName) is { } destination)
        {
            DestinationMetadata = destination.StringValue;
        }
    }

    private void TakeOverride(ProcessingMode? mode)
    {
        if (mode is not null && _options.AllowModeOverride && _request.Mode != BodySendMode.FullDuplexStreamed && _response.Mode != BodySendMode.FullDuplexStreamed)
        {
            _request.Mode = mode.RequestBodyMode;
            _response.Mode = mode.ResponseBodyMode;
        }
    }

    private void TakeImmediate(ImmediateResponse answer)
    {
        Immediate = answer;
        if (answer.Status is null || (int)answer.Status.Code < 200)
        {
            _violations.Add("an immediate response without a status: Envoy would make it 200");
        }

        if (answer.Details.Length == 0)
        {
            _violations.Add("an immediate response without details");
        }

        CheckHeaders(answer.Headers);
    }

    private void CheckHeaders(HeaderMutation? mutation)
    {
        foreach (HeaderValueOption option in mutation?.SetHeaders ?? [])
        {
            if (option.Header.Value.Length > 0)
            {
                _violations.Add($"{option.Header.Key} is set in value: Envoy would send it empty");
            }

            if (option.AppendAction != HeaderValueOption.Types.HeaderAppendAction.OverwriteIfExistsOrAdd)
            {
                _violations.Add($"{option.Header.Key} is set with {option.AppendAction}");
            }
        }

        if (mutation is not null && (mutation.SetHeaders.Count > 100 || mutation.RemoveHeaders.Count > 100))
        {
            _violations.Add("more header changes than Envoy takes");
        }
    }
}
