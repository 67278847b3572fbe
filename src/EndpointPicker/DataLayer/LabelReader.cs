namespace EndpointPicker.DataLayer;

/// <summary>Walks over the labels of one sample, without copying: what stands between the braces, names and values as raw bytes.</summary>
internal ref struct LabelReader(ReadOnlySpan<byte> labels)
{
    private ReadOnlySpan<byte> _rest = labels;

    /// <summary>The label's name.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The label's value as it stands on the page; see <see cref="Escaped"/>.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether <see cref="Value"/> contains backslash escapes.</summary>
    public bool Escaped { get; private set; }

    /// <summary>Goes to the next label; stops for good at the first that is malformed.</summary>
    public bool MoveNext()
    {
        ReadOnlySpan<byte> rest = _rest.TrimStart(" \t,"u8);
        int equals = rest.IndexOf((byte)'=');
        if (equals <= 0)
        {
            _rest = default;
            return false;
        }

        Name = rest[..equals].TrimEnd(" \t"u8);
        rest = rest[(equals + 1)..].TrimStart(" \t"u8);
        int length = rest is [(byte)'"', ..] ? QuotedLength(rest) : 0;
        if (length == 0)
        {
            _rest = default;
            return false;
        }

        Value = rest[1..(length - 1)];
        Escaped = Value.Contains((byte)'\\');
        _rest = rest[length..];
        return true;
    }

    /// <summary>Whether the label's value, its escapes undone, is <paramref name="expected"/>.</summary>
    public readonly bool ValueIs(ReadOnlySpan<byte> expected)
    {
        if (!Escaped)
        {
            return Value.SequenceEqual(expected);
        }

        int at = 0;
        for (int i = 0; i < Value.Length; i++)
        {
            byte b = Unescape(Value, ref i);
            if (at >= expected.Length || expected[at] != b)
            {
                return false;
            }

            at++;
        }

        return at == expected.Length;
    }

    /// <summary>The byte at <paramref name="i"/>, an escape undone; then <paramref name="i"/> stands on the escape's last byte.</summary>
    public static byte Unescape(ReadOnlySpan<byte> value, ref int i)
    {
        if (value[i] != '\\' || i + 1 >= value.Length)
        {
            return value[i];
        }

        i++;
        return value[i] == 'n' ? (byte)'\n' : value[i];
    }

    /// <summary>The length of the quoted text at the start, both quotes included; 0 where the closing one is missing.</summary>
    public static int QuotedLength(ReadOnlySpan<byte> text)
    {
        int at = 1;
        while (true)
        {
            int next = text[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                return 0;
            }

            at += next;
            if (text[at] == '"')
            {
                return at + 1;
            }

            at += 2;
            if (at > text.Length)
            {
                return 0;
            }
        }
    }
}
