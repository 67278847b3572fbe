namespace EndpointPicker.ExtProc;

internal sealed partial class Exchange
{
    private Progress _requestProgress;
    private Progress _responseProgress;

    public bool ResponseSeen => _responseProgress != Progress.Nothing;

    private bool IsWholeBody => Message.Kind == MessageKind.RequestBody
        ? RequestMode is BodyMode.Buffered or BodyMode.BufferedPartial
        : ResponseMode is BodyMode.Buffered or BodyMode.BufferedPartial;

    private void ResetOrder()
    {
        _requestProgress = Progress.Nothing;
        _responseProgress = Progress.Nothing;
    }

    /// <summary>Judges whether the message may come here; the two directions are independent but for a request that begins after its response.</summary>
    private bool TryAdvance(out string fault)
    {
        switch (Message.Kind)
        {
            case MessageKind.RequestHeaders when ResponseSeen:
                fault = "request headers after response messages";
                return false;
            case MessageKind.RequestHeaders:
            case MessageKind.RequestBody:
            case MessageKind.RequestTrailers:
                return TryAdvance(MessageKind.RequestHeaders, ref _requestProgress, out fault);
            case MessageKind.ResponseHeaders:
            case MessageKind.ResponseBody:
            case MessageKind.ResponseTrailers:
                return TryAdvance(MessageKind.ResponseHeaders, ref _responseProgress, out fault);
            default:
                fault = "a message without headers, body or trailers";
                return false;
        }
    }

    private bool TryAdvance(MessageKind headers, ref Progress progress, out string fault)
    {
        fault = "";
        if (progress == Progress.Ended)
        {
            fault = $"{Message.Kind} after the end of stream";
            return false;
        }

        if (Message.Kind == headers)
        {
            fault = progress == Progress.Nothing ? "" : $"{Message.Kind} twice or after a body";
            progress = Message.EndOfStream ? Progress.Ended : Progress.Headers;
        }
        else if (Message.Kind is MessageKind.RequestBody or MessageKind.ResponseBody)
        {
            fault = progress == Progress.Body && IsWholeBody ? $"{Message.Kind} twice in a buffered mode" : "";
            progress = Message.EndOfStream || Message.EndWithoutMessage ? Progress.Ended : Progress.Body;
        }
        else
        {
            progress = Progress.Ended;
        }

        return fault.Length == 0;
    }
}
