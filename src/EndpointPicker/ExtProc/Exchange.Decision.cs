using EndpointPicker.Core.RequestControl;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.ExtProc;

internal sealed partial class Exchange
{
    private readonly ModelReplacement _modelReplacement = new();
    private bool _begun;
    private bool _faulted;
    private bool _refused;
    private long _bodyBytes;

    /// <summary>Whether the answer to "which endpoint" is out, be it that there is none.</summary>
    public bool IsDecided { get; private set; }

    public bool HasBegun => _begun;

    /// <summary>Starts the request on its headers, or without any where the proxy does not send them.</summary>
    /// <returns>Whether the decision wants the body.</returns>
    public bool Begin()
    {
        _begun = true;
        try
        {
            return _control.Begin(State);
        }
        catch (Exception e)
        {
            SetFaulted(e);
            return true;
        }
    }

    /// <summary>Begins where a body or trailers come first, because the proxy sends no headers; does nothing if headers came.</summary>
    /// <returns>Whether the decision wants the body.</returns>
    public bool BeginWithoutHeaders() => _begun || Begin();

    /// <summary>Lets the decision read the body of this message.</summary>
    /// <returns>Whether it is within the limit.</returns>
    public bool TryRead()
    {
        _bodyBytes += Message.Body.Length;
        if (_bodyBytes > Options.MaxRequestBodyBytes)
        {
            return false;
        }

        try
        {
            foreach (ReadOnlyMemory<byte> segment in Message.Body)
            {
                if (!_faulted)
                {
                    _control.Append(State, segment.Span);
                }
            }
        }
        catch (Exception e)
        {
            SetFaulted(e);
        }

        return true;
    }

    /// <summary>Decides on what was read, within the budget.</summary>
    /// <returns>Whether the request goes on; where not, its refusal is written.</returns>
    public async ValueTask<bool> DecideAsync(BodyEnd end)
    {
        if (ResponseSeen || _faulted)
        {
            return DecideNow(PickReason.InternalFault);
        }

        try
        {
            ValueTask<SchedulingResult> pending = _control.ScheduleAsync(State, end, _budget.Token);
            return Settle(pending.IsCompleted ? await pending : await WaitAsync(pending));
        }
        catch (OperationCanceledException) when (_budget.IsCancellationRequested)
        {
            Answers.Aborted.ThrowIfCancellationRequested();
            Log.DecisionTimedOut(_logger, Options.DecisionTimeout.TotalMilliseconds);
            return DecideNow(PickReason.DeadlineExceeded);
        }
        catch (Exception e)
        {
            SetFaulted(e);
            return DecideNow(PickReason.InternalFault);
        }
    }

    /// <summary>Decides without a body: there is none, or it is not wanted, or it comes too late for the pick.</summary>
    /// <returns>Whether the request goes on; where not, its refusal is written.</returns>
    public ValueTask<bool> DecideOnHeadersAsync() =>
        Message.Kind == MessageKind.RequestHeaders && Message.EndOfStream
            ? ValueTask.FromResult(DecideNow(PickReason.HeadersOnly))
            : DecideAsync(BodyEnd.None);

    /// <summary>Decides at once.</summary>
    /// <returns>Whether the request goes on; where not, its refusal is written.</returns>
    public bool DecideNow(PickReason reason)
    {
        if (ResponseSeen)
        {
            // The proxy has answered the request itself; an endpoint reserved now would serve nobody.
            IsDecided = true;
            return true;
        }

        try
        {
            return Settle(_control.ScheduleNow(State, reason));
        }
        catch (Exception e)
        {
            SetFaulted(e);
            return Settle(SchedulingResult.Refused(PickReason.InternalFault, InferenceErrorCode.Internal, "the endpoint picker failed"));
        }
    }

    /// <summary>Refuses a body that is larger than the picker may hold.</summary>
    public void RefuseTooLarge()
    {
        SchedulingResult refusal = SchedulingResult.Refused(
            PickReason.BadRequest,
            InferenceErrorCode.PayloadTooLarge,
            $"the request body is larger than {Options.MaxRequestBodyBytes} bytes");
        try
        {
            _control.Refuse(State, refusal);
        }
        catch (Exception e)
        {
            SetFaulted(e);
        }

        Settle(refusal);
    }

    /// <summary>The body as it goes on: with the target model's name in it where that differs.</summary>
    /// <returns>Whether anything was replaced.</returns>
    public bool TryRewriteModel(HeldBody body)
    {
        if (!WillRewriteModel() || _modelReplacement.Place.End.Value > body.Length)
        {
            return false;
        }

        body.Replace(_modelReplacement.Place, _modelReplacement.Text);
        return true;
    }

    public bool WillRewriteModel()
    {
        string target = State.Request.TargetModel;
        return !Destination.Value.IsEmpty
            && target.Length > 0
            && target != State.Request.Model
            && _modelReplacement.Begin(State.Request, target);
    }

    private async ValueTask<SchedulingResult> WaitAsync(ValueTask<SchedulingResult> pending)
    {
        CancellationToken aborted = Answers.Aborted;
        using CancellationTokenRegistration onAbort = aborted.UnsafeRegister(static budget => ((CancellationTokenSource)budget!).Cancel(), _budget);
        using ITimer? timer = Options.DecisionTimeout == Timeout.InfiniteTimeSpan
            ? null
            : _time.CreateTimer(
                static budget => ((CancellationTokenSource)budget!).Cancel(), _budget, Options.DecisionTimeout, Timeout.InfiniteTimeSpan);
        return await pending;
    }

    private bool Settle(in SchedulingResult result)
    {
        IsDecided = true;
        if (result.IsPicked)
        {
            Destination.Set(State);
            RestoredBody.Begin(State.Request.Model, State.Request.TargetModel);
            return true;
        }

        _refused = true;
        Destination.Clear();
        ErrorAnswer.Write(result, Options.IsReference, Mutation, Answers);
        return false;
    }

    private void SetFaulted(Exception exception)
    {
        _faulted = true;
        Log.DecisionFailed(_logger, exception);
    }

    private void ResetDecision()
    {
        _begun = false;
        _faulted = false;
        _refused = false;
        _bodyBytes = 0;
        IsDecided = false;
    }
}
