namespace EndpointPicker.ExtProc;

/// <summary>What becomes of a stream after a message.</summary>
internal enum ExchangeStep
{
    /// <summary>It goes on.</summary>
    Continue,

    /// <summary>It ends with OK: the picker has said all that it will.</summary>
    End,

    /// <summary>It ends with INVALID_ARGUMENT; <see cref="Exchange.Fault"/> says why.</summary>
    Invalid,
}
