using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.ExtProc;

/// <summary>
/// Modes BUFFERED and BUFFERED_PARTIAL: Envoy sends the body only after the answer to the headers and holds them until the answer to the body,
/// so the first says nothing and the second has the pick.
/// </summary>
internal sealed class BufferedRequest(Exchange exchange) : RequestPhase(exchange)
{
    public bool HadBody { get; private set; }

    public override bool IsDone => Exchange.IsDecided;

    public override bool IsSafeToEnd => Exchange.IsDecided;

    public override async ValueTask<ExchangeStep> OnHeadersAsync()
    {
        bool wanted = Exchange.Begin() && !Message.EndOfStream;
        if (wanted)
        {
            Exchange.WriteDestination();
            Answers.Continue(AnswerKind.RequestHeaders, new AnswerDetail { Mutation = Exchange.Mutation.Encoded });
            return ExchangeStep.Continue;
        }

        if (!await Exchange.DecideOnHeadersAsync())
        {
            return ExchangeStep.End;
        }

        Answers.Continue(AnswerKind.RequestHeaders, Exchange.DestinationDetail(Message.EndOfStream ? null : 0));
        return ExchangeStep.Continue;
    }

    public override async ValueTask<ExchangeStep> OnBodyAsync()
    {
        HadBody = true;
        if (Exchange.IsDecided)
        {
            Answers.Continue(AnswerKind.RequestBody, default);
            return ExchangeStep.Continue;
        }

        Exchange.BeginWithoutHeaders();
        if (!Exchange.TryRead())
        {
            Exchange.RefuseTooLarge();
            return ExchangeStep.End;
        }

        // Without end of stream either trailers follow or, in the partial mode, a rest that never comes here; only the latter may lack its end.
        bool cut = Exchange.RequestMode == BodyMode.BufferedPartial && !Message.EndOfStream;
        if (!await Exchange.DecideAsync(cut ? BodyEnd.Cut : BodyEnd.Complete))
        {
            return ExchangeStep.End;
        }

        BufferedAnswer.Write(Exchange);
        return ExchangeStep.Continue;
    }

    public override async ValueTask<ExchangeStep> OnTrailersAsync()
    {
        if (Exchange.IsDecided)
        {
            Answers.Trailers(AnswerKind.RequestTrailers, default);
            return ExchangeStep.Continue;
        }

        Exchange.BeginWithoutHeaders();
        if (!await Exchange.DecideAsync(BodyEnd.Complete))
        {
            return ExchangeStep.End;
        }

        // No body came, so metadata is the one place left for the pick: an answer to trailers cannot change headers.
        Answers.Trailers(AnswerKind.RequestTrailers, new AnswerDetail { Metadata = Exchange.Destination.Metadata });
        return ExchangeStep.Continue;
    }

    public override void Reset() => HadBody = false;
}
