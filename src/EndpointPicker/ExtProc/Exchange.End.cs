using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.ExtProc;

internal sealed partial class Exchange
{
    // Envoy closes a stream of which it needs nothing more within about a millisecond of the last answer; later is the client's or the response's end.
    private static readonly TimeSpan ClosedByConfiguration = TimeSpan.FromMilliseconds(100);

    private long _lastAnswerAt;
    private bool _requestDoneUnflushed;
    private bool _requestWasDone;

    /// <summary>Whether the process drains, so that streams end where that is safe.</summary>
    public bool IsDraining { get; set; }

    /// <summary>
    /// Whether to end the stream with OK now, in the same write as all that is not flushed yet. Never while a body is still to be sent back;
    /// and where response bodies are full duplex only in the write of the last request answer, because a chunk that Envoy sends before it
    /// sees the end would be lost.
    /// </summary>
    public bool ShouldEnd()
    {
        if (_observing)
        {
            return IsDraining;
        }

        NoteRequestDone();
        if (!_request.IsSafeToEnd)
        {
            return false;
        }

        bool inLastRequestAnswer = _requestDoneUnflushed && !ResponseSeen;
        if (IsDraining)
        {
            return !HasFullDuplexResponse || inLastRequestAnswer || _responseProgress == Progress.Ended;
        }

        return Options.Lifetime switch
        {
            StreamLifetime.Request => _request.IsDone && _responseProgress != Progress.Ended && (!HasFullDuplexResponse || inLastRequestAnswer),
            StreamLifetime.Headers => ResponseSeen && _responseProgress != Progress.Ended && !HasFullDuplexResponse,
            _ => false,
        };
    }

    /// <summary>Says that all answers so far have left.</summary>
    public void Flushed()
    {
        NoteRequestDone();
        _requestDoneUnflushed = false;
    }

    /// <summary>Ends the stream, whoever ended it; later calls do nothing.</summary>
    /// <param name="byUs">Whether the picker ended it with OK.</param>
    public void End(bool byUs)
    {
        StreamEnd end = HowItEnded(byUs);
        EndOnce(end);
        _fullDuplexRequest.Reset();
        _fullDuplexResponse.Reset();
    }

    private StreamEnd HowItEnded(bool byUs)
    {
        if (_refused)
        {
            return StreamEnd.Refused;
        }

        if (Fault.Length > 0)
        {
            return StreamEnd.Abandoned;
        }

        if (_observing || byUs)
        {
            return StreamEnd.RequestSent;
        }

        if (_responseProgress == Progress.Ended)
        {
            return StreamEnd.Completed;
        }

        if (!IsDecided || !_request.IsSafeToEnd)
        {
            return StreamEnd.Abandoned;
        }

        bool soon = _time.GetElapsedTime(_lastAnswerAt) <= ClosedByConfiguration;
        if (ResponseSeen)
        {
            return ResponseMode != BodyMode.None ? StreamEnd.Abandoned : soon ? StreamEnd.RequestSent : StreamEnd.Completed;
        }

        // With a buffered body Envoy keeps the stream to the response's end whether it sends the response or not.
        return soon && ResponseMode == BodyMode.None && !_bufferedRequest.HadBody ? StreamEnd.RequestSent
            : _bufferedRequest.HadBody ? StreamEnd.Completed
            : StreamEnd.Abandoned;
    }

    private void EndOnce(StreamEnd end)
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        try
        {
            _control.End(State, end);
        }
        catch (Exception e)
        {
            Log.EndFailed(_logger, e);
        }
    }

    private void NoteRequestDone()
    {
        if (!_requestWasDone && _request.IsDone)
        {
            _requestWasDone = true;
            _requestDoneUnflushed = true;
            _lastAnswerAt = _time.GetTimestamp();
        }
    }

    private void ResetEnd()
    {
        _lastAnswerAt = 0;
        _requestDoneUnflushed = false;
        _requestWasDone = false;
        IsDraining = false;
        _deaf = false;
        ResponseHasContentLength = false;
        ResponseIsEventStream = false;
    }
}
