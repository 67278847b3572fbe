using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.ExtProc;

/// <summary>
/// Mode STREAMED: Envoy sends the body only after the answer to the headers, which then are gone; so the pick is made on them, and the chunks
/// pass unchanged. Where headers are not sent, the first chunk takes their place: it is enough if it is the whole body.
/// </summary>
internal sealed class StreamedRequest(Exchange exchange) : RequestPhase(exchange)
{
    private bool _ended;

    public override bool IsDone => _ended;

    public override bool IsSafeToEnd => Exchange.IsDecided;

    public override async ValueTask<ExchangeStep> OnHeadersAsync()
    {
        Exchange.Begin();
        _ended = Message.EndOfStream;
        if (!await Exchange.DecideOnHeadersAsync())
        {
            return ExchangeStep.End;
        }

        Answers.Continue(AnswerKind.RequestHeaders, Exchange.DestinationDetail(Message.EndOfStream ? null : 0));
        return ExchangeStep.Continue;
    }

    public override async ValueTask<ExchangeStep> OnBodyAsync()
    {
        _ended = Message.EndOfStream;
        if (Exchange.IsDecided)
        {
            Answers.Continue(AnswerKind.RequestBody, default);
            return ExchangeStep.Continue;
        }

        bool wanted = Exchange.BeginWithoutHeaders();
        bool whole = wanted && _ended && Exchange.TryRead();
        if (!await Exchange.DecideAsync(whole ? BodyEnd.Complete : BodyEnd.None))
        {
            return ExchangeStep.End;
        }

        if (whole)
        {
            BufferedAnswer.Write(Exchange);
        }
        else
        {
            Answers.Continue(AnswerKind.RequestBody, Exchange.DestinationDetail(forwarded: 0));
        }

        return ExchangeStep.Continue;
    }

    public override async ValueTask<ExchangeStep> OnTrailersAsync()
    {
        _ended = true;
        bool first = !Exchange.IsDecided;
        if (first)
        {
            Exchange.BeginWithoutHeaders();
            if (!await Exchange.DecideOnHeadersAsync())
            {
                return ExchangeStep.End;
            }
        }

        Answers.Trailers(AnswerKind.RequestTrailers, new AnswerDetail { Metadata = first ? Exchange.Destination.Metadata : default });
        return ExchangeStep.Continue;
    }

    public override void Reset() => _ended = false;
}
