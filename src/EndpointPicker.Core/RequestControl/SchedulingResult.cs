namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// How a request leaves the decision: with endpoints, which <see cref="RequestState.Picks"/> lists, or with an error. Refusals are values, not
/// exceptions.
/// </summary>
public readonly record struct SchedulingResult
{
    private SchedulingResult(PickReason reason, InferenceErrorCode error, string message)
    {
        Reason = reason;
        Error = error;
        Message = message;
    }

    /// <summary>How it came about.</summary>
    public PickReason Reason { get; }

    /// <summary><see cref="InferenceErrorCode.None"/> where an endpoint was picked.</summary>
    public InferenceErrorCode Error { get; }

    /// <summary>What to tell the client; empty where an endpoint was picked.</summary>
    public string Message { get; }

    /// <summary>The reference's text for the same error; empty where an endpoint was picked.</summary>
    public string ReferenceMessage { get; init; } = "";

    /// <summary>The field that is wrong; <see langword="null"/> where none is.</summary>
    public string? Parameter { get; init; }

    /// <summary>The value of <c>x-llm-d-request-dropped-reason</c>; <see langword="null"/> where the answer has no such header.</summary>
    public string? DroppedReason { get; init; }

    /// <summary>Whether an endpoint was picked.</summary>
    public bool IsPicked => Error == InferenceErrorCode.None;

    /// <summary>Endpoints were picked.</summary>
    /// <param name="reason">How.</param>
    /// <returns>The result.</returns>
    public static SchedulingResult Picked(PickReason reason) => new(reason, InferenceErrorCode.None, "");

    /// <summary>No endpoint: the client gets an error.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="error">Its class.</param>
    /// <param name="message">What to tell the client.</param>
    /// <returns>The result.</returns>
    public static SchedulingResult Refused(PickReason reason, InferenceErrorCode error, string message) =>
        new(reason, error, message) { ReferenceMessage = message };
}
