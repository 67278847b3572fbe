namespace EndpointPicker.Core.Requests;

/// <summary>The first fault of a JSON text.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Offset">At which byte, from 0; the text's length where it ends too early.</param>
/// <param name="Found">The byte there; <see langword="null"/> at the end.</param>
internal sealed record JsonFault(JsonFaultKind Kind, long Offset, byte? Found)
{
    /// <summary>The letter that a misspelt literal should have had there.</summary>
    public byte Expected { get; init; }

    /// <summary>The literal that was being read: <c>true</c>, <c>false</c> or <c>null</c>.</summary>
    public string Literal { get; init; } = "";

    /// <summary>What is wrong and where, for a person.</summary>
    /// <returns>One clause.</returns>
    public string Describe()
    {
        string found = Found is { } value ? Printable(value) : "nothing";
        return Kind switch
        {
            JsonFaultKind.Empty => "the body is empty",
            JsonFaultKind.End => $"the JSON ends at byte {Offset} before it is complete",
            JsonFaultKind.Value => $"malformed JSON at byte {Offset}: expected a value, found {found}",
            JsonFaultKind.Name => $"malformed JSON at byte {Offset}: expected a member name in quotes, found {found}",
            JsonFaultKind.Colon => $"malformed JSON at byte {Offset}: expected ':' after a member name, found {found}",
            JsonFaultKind.AfterMember => $"malformed JSON at byte {Offset}: expected ',' or '}}' after a member, found {found}",
            JsonFaultKind.AfterElement => $"malformed JSON at byte {Offset}: expected ',' or ']' after an element, found {found}",
            JsonFaultKind.Trailing => $"malformed JSON at byte {Offset}: {found} after the end of the document",
            JsonFaultKind.ControlCharacter => $"malformed JSON at byte {Offset}: {found} in a string must be escaped",
            JsonFaultKind.Escape => $"malformed JSON at byte {Offset}: {found} is no escape",
            JsonFaultKind.HexEscape => $"malformed JSON at byte {Offset}: {found} in a \\u escape is no hexadecimal digit",
            JsonFaultKind.Utf8 => $"malformed JSON at byte {Offset}: {found} is not valid UTF-8 there",
            JsonFaultKind.Literal => $"malformed JSON at byte {Offset}: expected {Literal}, found {found}",
            JsonFaultKind.Depth => $"the JSON at byte {Offset} is nested deeper than this server accepts",
            _ => $"malformed JSON at byte {Offset}: {found} in a number",
        };
    }

    /// <summary>The same in the words of Go's <c>encoding/json</c>, which clients of the reference see.</summary>
    /// <returns>The error text.</returns>
    public string DescribeAsGo()
    {
        if (Kind is JsonFaultKind.Empty or JsonFaultKind.End)
        {
            return "unexpected end of JSON input";
        }

        if (Kind == JsonFaultKind.Depth)
        {
            return "exceeded max depth";
        }

        string context = Kind switch
        {
            JsonFaultKind.Value => "looking for beginning of value",
            JsonFaultKind.Name => "looking for beginning of object key string",
            JsonFaultKind.Colon => "after object key",
            JsonFaultKind.AfterMember => "after object key:value pair",
            JsonFaultKind.AfterElement => "after array element",
            JsonFaultKind.Trailing => "after top-level value",
            JsonFaultKind.ControlCharacter or JsonFaultKind.Utf8 => "in string literal",
            JsonFaultKind.Escape => "in string escape code",
            JsonFaultKind.HexEscape => "in \\u hexadecimal character escape",
            JsonFaultKind.Literal => $"in literal {Literal} (expecting '{(char)Expected}')",
            JsonFaultKind.Fraction => "after decimal point in numeric literal",
            JsonFaultKind.Exponent => "in exponent of numeric literal",
            _ => "in numeric literal",
        };
        return $"invalid character {Printable(Found ?? 0)} {context}";
    }

    private static string Printable(byte value) => value switch
    {
        (byte)'\'' => "'\\''",
        (byte)'\\' => "'\\\\'",
        (byte)'\n' => "'\\n'",
        (byte)'\r' => "'\\r'",
        (byte)'\t' => "'\\t'",
        >= 0x20 and < 0x7F => $"'{(char)value}'",
        _ => $"'\\x{value:x2}'",
    };
}
