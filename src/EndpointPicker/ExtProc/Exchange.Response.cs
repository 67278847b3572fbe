using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.ExtProc;

internal sealed partial class Exchange
{
    private bool _deaf;

    public bool ResponseHasContentLength { get; private set; }

    public bool ResponseIsEventStream { get; private set; }

    private void TakeResponse()
    {
        switch (Message.Kind)
        {
            case MessageKind.ResponseHeaders:
                ObserveHeaders();
                WriteResponseHeaders();
                break;
            case MessageKind.ResponseBody:
                ObserveBody();
                _response.OnBody();
                break;
            default:
                _response.OnTrailers();
                Answers.Trailers(AnswerKind.ResponseTrailers, default);
                break;
        }

        _lastAnswerAt = _time.GetTimestamp();
        if (_responseProgress == Progress.Ended && (_requestProgress == Progress.Nothing || _request.IsDone))
        {
            // Here rather than at the stream's end: the endpoint is free now, and the proxy may keep the stream a little.
            EndOnce(StreamEnd.Completed);
        }
    }

    private void WriteResponseHeaders()
    {
        if (Options.IsReference)
        {
            Mutation.Set("x-went-into-resp-headers"u8, "true"u8);
            ReferenceHeaders.Echo(Message.ResponseHeaders, Mutation);
        }

        Answers.Continue(AnswerKind.ResponseHeaders, new AnswerDetail { Mutation = Mutation.Encoded });
    }

    private void ObserveHeaders()
    {
        ResponseHasContentLength = Message.ResponseHeaders.TryGet("content-length"u8, out _);
        ResponseIsEventStream = Message.ResponseHeaders.TryGet("content-type"u8, out ReadOnlySpan<byte> type)
            && type.IndexOf("text/event-stream"u8) >= 0;
        if (_deaf || !_begun)
        {
            return;
        }

        try
        {
            _control.ResponseHeaders(State, Message.ResponseHeaders, new UpstreamFeedback(Message.Served, Message.ResponseFlags, Message.Attempts));
        }
        catch (Exception e)
        {
            SetDeaf(e);
        }
    }

    private void ObserveBody()
    {
        if (_deaf || !_begun)
        {
            return;
        }

        try
        {
            foreach (ReadOnlyMemory<byte> segment in Message.Body)
            {
                _control.ResponseBody(State, segment.Span);
            }
        }
        catch (Exception e)
        {
            SetDeaf(e);
        }
    }

    // What is learnt from a response is worth less than the response.
    private void SetDeaf(Exception exception)
    {
        _deaf = true;
        Log.ObservationFailed(_logger, exception);
    }
}
