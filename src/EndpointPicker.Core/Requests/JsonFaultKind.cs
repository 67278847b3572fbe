namespace EndpointPicker.Core.Requests;

/// <summary>What can be wrong with a JSON text; most kinds say what was expected.</summary>
internal enum JsonFaultKind
{
    /// <summary>Nothing but white space.</summary>
    Empty,

    /// <summary>The text ends too early.</summary>
    End,

    /// <summary>No value where one must be.</summary>
    Value,

    /// <summary>No member name where one must be.</summary>
    Name,

    /// <summary>No colon after a member name.</summary>
    Colon,

    /// <summary>Neither comma nor brace after a member.</summary>
    AfterMember,

    /// <summary>Neither comma nor bracket after an element.</summary>
    AfterElement,

    /// <summary>Something after the document.</summary>
    Trailing,

    /// <summary>A bare control character in a string.</summary>
    ControlCharacter,

    /// <summary>A backslash before something that is no escape.</summary>
    Escape,

    /// <summary>A <c>\u</c> without four hexadecimal digits.</summary>
    HexEscape,

    /// <summary>Bytes of a string that are not UTF-8.</summary>
    Utf8,

    /// <summary>A misspelt <c>true</c>, <c>false</c> or <c>null</c>.</summary>
    Literal,

    /// <summary>A minus sign without a digit.</summary>
    Number,

    /// <summary>A decimal point without a digit.</summary>
    Fraction,

    /// <summary>An exponent without a digit.</summary>
    Exponent,

    /// <summary>More nesting than allowed.</summary>
    Depth,
}
