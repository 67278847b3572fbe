using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.ExtProc;

/// <summary>
/// Mode NONE: the pick is made on the headers. Where the option asks for it, the same answer asks Envoy for the body, and a body that then
/// comes is decided on anew.
/// </summary>
internal sealed class HeadersOnlyRequest(Exchange exchange) : RequestPhase(exchange)
{
    private bool _answered;
    private bool _awaitsBody;

    public override bool IsDone => _answered && !_awaitsBody;

    public override bool IsSafeToEnd => _answered;

    public override async ValueTask<ExchangeStep> OnHeadersAsync()
    {
        bool wanted = Exchange.Begin() && !Message.EndOfStream;
        _awaitsBody = wanted && CanAskForBody();
        if (!await Exchange.DecideOnHeadersAsync())
        {
            return ExchangeStep.End;
        }

        Span<byte> mode = stackalloc byte[4];
        AnswerDetail detail = Exchange.DestinationDetail(Message.EndOfStream ? null : 0);
        if (_awaitsBody)
        {
            // Body fields are taken literally: the response's must be repeated or it would become NONE.
            WireWriter writer = new(mode);
            writer.Number(0x18, (ulong)BodyMode.Buffered);
            writer.Number(0x20, (ulong)Exchange.ResponseMode);
            Answers.Continue(
                AnswerKind.RequestHeaders,
                new AnswerDetail
                {
                    Mutation = detail.Mutation,
                    Metadata = detail.Metadata,
                    ClearRouteCache = detail.ClearRouteCache,
                    ModeOverride = mode,
                });
        }
        else
        {
            Answers.Continue(AnswerKind.RequestHeaders, detail);
        }

        _answered = true;
        return ExchangeStep.Continue;
    }

    public override async ValueTask<ExchangeStep> OnBodyAsync()
    {
        if (_awaitsBody)
        {
            _awaitsBody = false;
            if (!Exchange.TryRead())
            {
                Exchange.RefuseTooLarge();
                return ExchangeStep.End;
            }

            if (!await Exchange.DecideAsync(BodyEnd.Complete))
            {
                return ExchangeStep.End;
            }

            BufferedAnswer.Write(Exchange);
        }
        else
        {
            Answers.Continue(AnswerKind.RequestBody, default);
        }

        _answered = true;
        return ExchangeStep.Continue;
    }

    public override async ValueTask<ExchangeStep> OnTrailersAsync()
    {
        _awaitsBody = false;
        bool first = !Exchange.IsDecided;
        if (first)
        {
            Exchange.BeginWithoutHeaders();
            if (!await Exchange.DecideOnHeadersAsync())
            {
                return ExchangeStep.End;
            }
        }

        _answered = true;
        Answers.Trailers(AnswerKind.RequestTrailers, new AnswerDetail { Metadata = first ? Exchange.Destination.Metadata : default });
        return ExchangeStep.Continue;
    }

    public override void Reset()
    {
        _answered = false;
        _awaitsBody = false;
    }

    private bool CanAskForBody() =>
        Exchange.Options.RequestBodyByModeOverride && !Exchange.HasFullDuplexResponse && !Exchange.SendsBodyWithoutWaiting;
}
