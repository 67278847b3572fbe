namespace EndpointPicker.Core.Requests;

internal sealed partial class JsonScanner
{
    private NumberPart _numberPart;
    private JsonKinds _literal;
    private int _literalAt;

    private enum NumberPart : byte
    {
        Start,
        Minus,
        Zero,
        Integer,
        Point,
        Fraction,
        E,
        Sign,
        Exponent,
        End,
    }

    private bool NumberMayEnd => _numberPart is NumberPart.Zero or NumberPart.Integer or NumberPart.Fraction or NumberPart.Exponent;

    private void BeginNumber(int at)
    {
        ScalarStart = _consumed + at;
        _numberPart = NumberPart.Start;
        _heldUsed = 0;
        _state = State.Number;
    }

    private int ReadNumber(ReadOnlySpan<byte> json, int at)
    {
        int start = at;
        NumberPart part = _numberPart;
        if (part == NumberPart.Start)
        {
            // Token ids come by the ten thousand: plain integers that are all here need no states.
            int end = at;
            while (end < json.Length && (uint)(json[end] - '0') <= 9)
            {
                end++;
            }

            if (end > at && end < json.Length && json[at] != '0' && AfterInteger(json[end]) == NumberPart.End)
            {
                _mark = end;
                EndNumber(json[at..end]);
                return end;
            }
        }

        for (; at < json.Length; at++)
        {
            byte value = json[at];
            bool isDigit = (uint)(value - '0') <= 9;
            NumberPart next = part switch
            {
                NumberPart.Integer => isDigit ? NumberPart.Integer : AfterInteger(value),
                NumberPart.Fraction => isDigit ? NumberPart.Fraction : value is (byte)'e' or (byte)'E' ? NumberPart.E : NumberPart.End,
                NumberPart.Exponent => isDigit ? NumberPart.Exponent : NumberPart.End,
                NumberPart.Start when value == '-' => NumberPart.Minus,
                NumberPart.Start or NumberPart.Minus when isDigit => value == '0' ? NumberPart.Zero : NumberPart.Integer,
                NumberPart.Zero => AfterInteger(value),
                NumberPart.Point when isDigit => NumberPart.Fraction,
                NumberPart.E when value is (byte)'+' or (byte)'-' => NumberPart.Sign,
                NumberPart.E or NumberPart.Sign when isDigit => NumberPart.Exponent,
                _ => NumberPart.Start,
            };
            if (next == NumberPart.End)
            {
                _mark = at;
                HoldOrEndNumber(json[start..at], ends: true);
                return at;
            }

            if (next == NumberPart.Start)
            {
                JsonFaultKind kind = part switch
                {
                    NumberPart.Point => JsonFaultKind.Fraction,
                    NumberPart.E or NumberPart.Sign => JsonFaultKind.Exponent,
                    _ => JsonFaultKind.Number,
                };
                return Fail(kind, at, json);
            }

            part = next;
        }

        _numberPart = part;
        HoldOrEndNumber(json[start..], ends: false);
        return at;
    }

    private static NumberPart AfterInteger(byte value) => value switch
    {
        (byte)'.' => NumberPart.Point,
        (byte)'e' or (byte)'E' => NumberPart.E,
        _ => NumberPart.End,
    };

    private void HoldOrEndNumber(ReadOnlySpan<byte> text, bool ends)
    {
        if (ends && _heldUsed == 0)
        {
            EndNumber(text);
            return;
        }

        text = text[..Math.Min(text.Length, LongestSplitNumber - _heldUsed)];
        text.CopyTo(_held.AsSpan(_heldUsed));
        _heldUsed += text.Length;
        if (ends)
        {
            EndNumber(_held.AsSpan(0, _heldUsed));
        }
    }

    private void EndNumber(ReadOnlySpan<byte> text)
    {
        _state = State.AfterValue;
        _visitor.Number(text);
    }

    private int BeginLiteral(int at, JsonKinds kind)
    {
        ScalarStart = _consumed + at;
        _literal = kind;
        _literalAt = 0;
        _state = State.Literal;
        return at;
    }

    private int ReadLiteral(ReadOnlySpan<byte> json, int at)
    {
        ReadOnlySpan<byte> text = _literal switch { JsonKinds.True => "true"u8, JsonKinds.False => "false"u8, _ => "null"u8 };
        for (; at < json.Length; at++)
        {
            if (json[at] != text[_literalAt])
            {
                _state = State.Faulty;
                string word = _literal switch { JsonKinds.True => "true", JsonKinds.False => "false", _ => "null" };
                Fault = new JsonFault(JsonFaultKind.Literal, _consumed + at, json[at]) { Literal = word, Expected = text[_literalAt] };
                return at;
            }

            if (++_literalAt == text.Length)
            {
                _mark = at + 1;
                _state = State.AfterValue;
                _visitor.Literal(_literal);
                return at + 1;
            }
        }

        return at;
    }
}
