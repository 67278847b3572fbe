namespace EndpointPicker.ExtProc;

/// <summary>Whose wire details the answers have.</summary>
internal enum WireCompatibility
{
    /// <summary>What the protocol says.</summary>
    None,

    /// <summary>The reference picker's statuses, error texts and header echo.</summary>
    Reference,
}
