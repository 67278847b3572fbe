using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.ExtProc;

/// <summary>
/// Modes FULL_DUPLEX_STREAMED and GRPC: nothing is answered until the body has ended; then the headers, the whole body and the trailers go in
/// one burst. Envoy keeps nothing of the body: what goes on is what is sent back, byte for byte. Where the decision does not want the body,
/// and in the gRPC mode, whose parts must not be cut anew, the pick is made on the headers and the body passes part by part.
/// </summary>
internal sealed class FullDuplexRequest(Exchange exchange) : RequestPhase(exchange)
{
    private readonly HeldBody _held = new();
    private bool _owesHeaders;
    private bool _passing;
    private bool _done;

    public override bool IsDone => _done;

    public override bool IsSafeToEnd => _done;

    public override async ValueTask<ExchangeStep> OnHeadersAsync()
    {
        bool wanted = Exchange.Begin();
        if (wanted && !Message.EndOfStream && Exchange.RequestMode != BodyMode.Grpc)
        {
            _owesHeaders = true;
            return ExchangeStep.Continue;
        }

        if (!await Exchange.DecideOnHeadersAsync())
        {
            return ExchangeStep.End;
        }

        Answers.Continue(AnswerKind.RequestHeaders, Exchange.DestinationDetail(Message.EndOfStream ? null : 0));
        _passing = true;
        _done = Message.EndOfStream;
        return ExchangeStep.Continue;
    }

    public override async ValueTask<ExchangeStep> OnBodyAsync()
    {
        bool ends = Message.EndOfStream || Message.EndWithoutMessage;
        if (_passing)
        {
            return await PassAsync(ends, withMetadata: false);
        }

        if (!_owesHeaders && !Exchange.HasBegun)
        {
            bool wanted = Exchange.BeginWithoutHeaders();
            if (!wanted || Exchange.RequestMode == BodyMode.Grpc)
            {
                _passing = true;
                return await Exchange.DecideOnHeadersAsync() ? await PassAsync(ends, withMetadata: true) : ExchangeStep.End;
            }
        }

        if (!Exchange.TryRead())
        {
            _held.Release();
            Exchange.RefuseTooLarge();
            return ExchangeStep.End;
        }

        _held.Append(Message.Body);
        return ends ? await DecideAndSendAsync(trailers: false) : ExchangeStep.Continue;
    }

    public override ValueTask<ExchangeStep> OnTrailersAsync()
    {
        if (!_passing)
        {
            Exchange.BeginWithoutHeaders();
            return DecideAndSendAsync(trailers: true);
        }

        Answers.Trailers(AnswerKind.RequestTrailers, default);
        _done = true;
        return ValueTask.FromResult(ExchangeStep.Continue);
    }

    public override void Reset()
    {
        _held.Release();
        _owesHeaders = false;
        _passing = false;
        _done = false;
    }

    private async ValueTask<ExchangeStep> PassAsync(bool ends, bool withMetadata)
    {
        await Exchange.SendBodyAsync(AnswerKind.RequestBody, Message.Body, Exchange.MessageFlags(), withMetadata);
        _done = ends;
        return ExchangeStep.Continue;
    }

    private async ValueTask<ExchangeStep> DecideAndSendAsync(bool trailers)
    {
        if (!await Exchange.DecideAsync(BodyEnd.Complete))
        {
            _held.Release();
            return ExchangeStep.End;
        }

        Exchange.TryRewriteModel(_held);
        if (_owesHeaders)
        {
            Answers.Continue(AnswerKind.RequestHeaders, Exchange.DestinationDetail(_held.Length));
        }

        // A body that ended with trailers ends with them again: an end of stream on its last part would hang the request.
        if (!trailers || _held.Length > 0)
        {
            await Exchange.SendBodyAsync(AnswerKind.RequestBody, _held.Bytes, new StreamedBodyFlags(EndOfStream: !trailers), withMetadata: !_owesHeaders);
        }

        if (trailers)
        {
            bool nothingElse = !_owesHeaders && _held.Length == 0;
            Answers.Trailers(AnswerKind.RequestTrailers, new AnswerDetail { Metadata = nothingElse ? Exchange.Destination.Metadata : default });
        }

        _held.Release();
        _done = true;
        return ExchangeStep.Continue;
    }
}
