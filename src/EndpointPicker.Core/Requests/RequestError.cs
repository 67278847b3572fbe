namespace EndpointPicker.Core.Requests;

/// <summary>What is wrong with a request body.</summary>
/// <param name="Message">One sentence that says what, and what to do.</param>
/// <param name="Offset">At which byte of the body, from 0; <see langword="null"/> where it is no matter of one place.</param>
public sealed record RequestError(string Message, long? Offset = null)
{
    /// <summary>The reference's text for the same fault, after its <c>inference error: BadRequest - </c>.</summary>
    public string ReferenceMessage { get; init; } = Message;

    /// <summary>The field that is wrong, as OpenAI's <c>param</c>; <see langword="null"/> where it is none in particular.</summary>
    public string? Parameter { get; init; }
}
