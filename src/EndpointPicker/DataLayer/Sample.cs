using System.Buffers.Text;
using System.Text;

namespace EndpointPicker.DataLayer;

/// <summary>One sample of a metrics page: what follows the name on its line.</summary>
internal readonly ref struct Sample
{
    private Sample(ReadOnlySpan<byte> labels, double value, double timestamp)
    {
        Labels = labels;
        Value = value;
        Timestamp = timestamp;
    }

    /// <summary>What stands between the braces, for a <see cref="LabelReader"/>.</summary>
    public ReadOnlySpan<byte> Labels { get; }

    /// <summary>The value; may be NaN or infinite.</summary>
    public double Value { get; }

    /// <summary>The explicit timestamp in the page's own unit (milliseconds, or seconds in OpenMetrics); 0 where there is none.</summary>
    public double Timestamp { get; }

    /// <summary>Reads the rest of a line, from the byte after the name; an exemplar is ignored.</summary>
    public static bool TryRead(ReadOnlySpan<byte> rest, out Sample sample)
    {
        sample = default;
        ReadOnlySpan<byte> labels = default;
        rest = rest.TrimStart(" \t"u8);
        if (rest is [(byte)'{', ..])
        {
            int close = ClosingBrace(rest);
            if (close < 0)
            {
                return false;
            }

            labels = rest[1..close];
            rest = rest[(close + 1)..];
        }

        if (!TryReadNumber(TakeWord(ref rest), out double value))
        {
            return false;
        }

        double timestamp = 0;
        ReadOnlySpan<byte> word = TakeWord(ref rest);
        if (!word.IsEmpty && word[0] != '#' && !TryReadNumber(word, out timestamp))
        {
            return false;
        }

        sample = new Sample(labels, value, timestamp);
        return true;
    }

    private static int ClosingBrace(ReadOnlySpan<byte> text)
    {
        int at = 1;
        while (true)
        {
            int next = text[at..].IndexOfAny((byte)'"', (byte)'}');
            if (next < 0)
            {
                return -1;
            }

            at += next;
            if (text[at] == '}')
            {
                return at;
            }

            int quoted = LabelReader.QuotedLength(text[at..]);
            if (quoted == 0)
            {
                return -1;
            }

            at += quoted;
        }
    }

    private static ReadOnlySpan<byte> TakeWord(ref ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart(" \t\r"u8);
        int length = rest.IndexOfAny((byte)' ', (byte)'\t', (byte)'\r');
        ReadOnlySpan<byte> word = length < 0 ? rest : rest[..length];
        rest = rest[word.Length..];
        return word;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, out double number)
    {
        if (Utf8Parser.TryParse(text, out number, out int consumed) && consumed == text.Length)
        {
            return true;
        }

        ReadOnlySpan<byte> unsigned = text is [(byte)'+' or (byte)'-', ..] ? text[1..] : text;
        if (Ascii.EqualsIgnoreCase(unsigned, "inf"u8) || Ascii.EqualsIgnoreCase(unsigned, "infinity"u8))
        {
            number = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        number = double.NaN;
        return Ascii.EqualsIgnoreCase(unsigned, "nan"u8);
    }
}
