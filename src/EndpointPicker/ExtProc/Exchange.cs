using System.Buffers;
using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.ExtProc;

/// <summary>
/// One ext_proc stream, which is one HTTP request, without its socket: messages in, answers out. The order of answers is a matter of the
/// request's and the response's phase, one class per family of body modes; what both share is here. Pooled: all memory is kept from one
/// stream to the next. Budget: no allocation on a stream that is served without waiting.
/// </summary>
internal sealed partial class Exchange : IDisposable
{
    private readonly IRequestControl _control;
    private readonly ProcessingRequestReader _reader;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HeadersOnlyRequest _headersOnlyRequest;
    private readonly BufferedRequest _bufferedRequest;
    private readonly StreamedRequest _streamedRequest;
    private readonly FullDuplexRequest _fullDuplexRequest;
    private readonly AnsweredResponse _answeredResponse;
    private readonly FullDuplexResponse _fullDuplexResponse;
    private RequestPhase _request;
    private ResponsePhase _response;
    private CancellationTokenSource _budget = new();
    private bool _modesKnown;
    private bool _observing;
    private bool _ended;

    public Exchange(IRequestControl control, ExtProcOptions options, TimeProvider time, ILogger logger)
    {
        _control = control;
        _time = time;
        _logger = logger;
        _reader = new ProcessingRequestReader(!options.IsReference, options.ReadRouteName);
        Options = options;
        State.Scores.Wanted = options.EmitEndpointScores;
        _headersOnlyRequest = new HeadersOnlyRequest(this);
        _bufferedRequest = new BufferedRequest(this);
        _streamedRequest = new StreamedRequest(this);
        _fullDuplexRequest = new FullDuplexRequest(this);
        _answeredResponse = new AnsweredResponse(this);
        _fullDuplexResponse = new FullDuplexResponse(this);
        _request = _fullDuplexRequest;
        _response = _fullDuplexResponse;
    }

    public ExtProcOptions Options { get; }

    /// <summary>The way to a real socket, kept here to be pooled.</summary>
    public GrpcAnswerOutput Output { get; } = new();

    public RequestState State { get; } = new();

    public ProcessingMessage Message { get; } = new();

    public AnswerWriter Answers { get; } = new();

    public HeaderMutationBuffer Mutation { get; } = new();

    public DestinationAnswer Destination { get; } = new();

    public RestoredBody RestoredBody { get; } = new();

    /// <summary>A whole body that goes on with another model; held no longer than its answer is written.</summary>
    public HeldBody RewrittenBody { get; } = new();

    public BodyMode RequestMode { get; private set; }

    public BodyMode ResponseMode { get; private set; }

    public bool SendsBodyWithoutWaiting { get; private set; }

    /// <summary>Why the stream ends with INVALID_ARGUMENT.</summary>
    public string Fault { get; private set; } = "";

    public bool HasFullDuplexResponse => ResponseMode is BodyMode.FullDuplexStreamed or BodyMode.Grpc;

    /// <summary>Begins a stream.</summary>
    public void Start(AnswerOutput output) => Answers.Attach(output);

    /// <summary>Takes one message and writes what is to be answered now.</summary>
    /// <param name="bytes">The message; not kept.</param>
    /// <returns>What becomes of the stream.</returns>
    public async ValueTask<ExchangeStep> TakeAsync(ReadOnlySequence<byte> bytes)
    {
        if (!_reader.TryRead(bytes, Message, State.Request))
        {
            return Invalid("malformed ProcessingRequest");
        }

        _observing |= Message.ObservabilityMode;
        if (_observing)
        {
            return ExchangeStep.Continue;
        }

        if (!_modesKnown)
        {
            LearnModes();
        }

        if (!TryAdvance(out string fault))
        {
            return Invalid(fault);
        }

        Mutation.Clear();
        switch (Message.Kind)
        {
            case MessageKind.RequestHeaders:
                return await _request.OnHeadersAsync();
            case MessageKind.RequestBody:
                return await _request.OnBodyAsync();
            case MessageKind.RequestTrailers:
                return await _request.OnTrailersAsync();
            default:
                TakeResponse();
                return ExchangeStep.Continue;
        }
    }

    /// <summary>Makes the object new for another stream.</summary>
    public void Reset()
    {
        Answers.Attach(null);
        State.Reset();
        Message.Clear();
        Mutation.Clear();
        Destination.Clear();
        RestoredBody.Clear();
        _headersOnlyRequest.Reset();
        _bufferedRequest.Reset();
        _streamedRequest.Reset();
        _fullDuplexRequest.Reset();
        _answeredResponse.Reset();
        _fullDuplexResponse.Reset();
        _modesKnown = false;
        _observing = false;
        _ended = false;
        RequestMode = BodyMode.None;
        ResponseMode = BodyMode.None;
        SendsBodyWithoutWaiting = false;
        Fault = "";
        ResetOrder();
        ResetDecision();
        ResetEnd();
        if (!_budget.TryReset())
        {
            _budget.Dispose();
            _budget = new CancellationTokenSource();
        }
    }

    public void Dispose() => _budget.Dispose();

    private ExchangeStep Invalid(string fault)
    {
        Fault = fault;
        Log.BrokenByPeer(_logger, fault);
        return ExchangeStep.Invalid;
    }

    private void LearnModes()
    {
        _modesKnown = true;
        RequestMode = Message.HasProtocolConfig ? Message.RequestBodyMode : Options.DefaultBodyMode;
        ResponseMode = Message.HasProtocolConfig ? Message.ResponseBodyMode : Options.DefaultBodyMode;
        SendsBodyWithoutWaiting = Message.SendsBodyWithoutWaiting;
        _request = RequestMode switch
        {
            BodyMode.None => _headersOnlyRequest,
            BodyMode.Buffered or BodyMode.BufferedPartial => _bufferedRequest,
            BodyMode.Streamed => _streamedRequest,
            _ => _fullDuplexRequest,
        };
        _response = HasFullDuplexResponse ? _fullDuplexResponse : _answeredResponse;
    }
}
