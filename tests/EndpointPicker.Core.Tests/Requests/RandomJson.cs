using System.Text;

namespace EndpointPicker.Core.Tests.Requests;

/// <summary>Random JSON texts: valid ones of every shape, and the same with a few bytes wrong.</summary>
internal sealed class RandomJson(int seed)
{
    private static readonly string[] Numbers = ["0", "-0", "1", "-17", "3.25", "1e9", "2E-3", "1.5e+7", "123456789012345678901234567890", "0.000001"];

    private static readonly string[] Texts =
    [
        "", "a", "role", "Hello, world", "line\\nline\\ttab", "\\\"quoted\\\"", "\\u00e9\\u4E2d", "\\ud83d\\ude00", "\\ud83d", "\\ude00x", "\\ud83d\\ud83d\\ude00",
        "\\/\\b\\f\\r\\\\", "é中😀", "\u007f", "Zażółć gęślą jaźń", "\\u0000",
    ];

    private readonly Random _random = new(seed);

    public int Next(int bound) => _random.Next(bound);

    public byte[] Valid()
    {
        StringBuilder text = new();
        Value(text, 0);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public byte[] Damaged()
    {
        List<byte> bytes = [.. Valid()];
        for (int i = Next(3); i >= 0 && bytes.Count > 0; i--)
        {
            int at = Next(bytes.Count);
            switch (Next(4))
            {
                case 0:
                    bytes[at] = (byte)Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, "{}[]\",:\\u0e-.tfn 1"u8[Next(18)]);
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }

    public IEnumerable<ReadOnlyMemory<byte>> Split(byte[] bytes)
    {
        int longest = Next(3) switch { 0 => 1, 1 => 8, _ => 200 };
        for (int from = 0; from < bytes.Length;)
        {
            int length = Math.Min(1 + Next(longest), bytes.Length - from);
            // A fresh copy each, so that whoever keeps the memory is found out.
            yield return bytes.AsSpan(from, length).ToArray();
            from += length;
        }
    }

    private void Value(StringBuilder text, int depth)
    {
        Space(text);
        switch (Next(depth > 6 ? 5 : 9))
        {
            case 0:
                text.Append(Numbers[Next(Numbers.Length)]);
                break;
            case 1:
                text.Append("true false null".Split(' ')[Next(3)]);
                break;
            case 2 or 3 or 4:
                Text(text);
                break;
            case 5 or 6:
                Container(text, '[', ']', () => Value(text, depth + 1));
                break;
            default:
                Container(text, '{', '}', () =>
                {
                    Space(text);
                    Text(text);
                    Space(text);
                    text.Append(':');
                    Value(text, depth + 1);
                });
                break;
        }

        Space(text);
    }

    private void Container(StringBuilder text, char open, char close, Action item)
    {
        text.Append(open);
        int count = Next(4);
        for (int i = 0; i < count; i++)
        {
            if (i > 0)
            {
                text.Append(',');
            }

            item();
        }

        Space(text);
        text.Append(close);
    }

    private void Text(StringBuilder text)
    {
        text.Append('"');
        for (int i = Next(4); i > 0; i--)
        {
            text.Append(Texts[Next(Texts.Length)]);
            if (Next(20) == 0)
            {
                text.Append('x', Next(600));
            }

            if (Next(60) == 0)
            {
                text.Insert(text.Length, Texts[Next(Texts.Length)], Next(600));
            }
        }

        text.Append('"');
    }

    private void Space(StringBuilder text)
    {
        if (Next(6) == 0)
        {
            text.Append(" \n\r\t"[Next(4)]);
        }
    }
}
