namespace EndpointPicker.LoadGenerator.Gateway;

internal enum AnswerKind
{
    /// <summary>The answer that was due.</summary>
    Message,

    /// <summary>The picker ended the stream with OK: go on without it.</summary>
    ClosedOk,

    /// <summary>The picker answers the client itself.</summary>
    Immediate,

    /// <summary>The stream broke or ended with an error.</summary>
    Failed,

    /// <summary>An answer that the protocol does not allow here.</summary>
    Spurious,

    /// <summary>No answer within the message timeout.</summary>
    TimedOut,
}
