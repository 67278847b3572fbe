using System.Buffers.Binary;
using System.Text;

namespace ModelServerSimulator.Engine;

/// <summary>
/// Text to tokens and back, well enough to count: a token is at most four bytes, never crosses the space before a word, and its id is those
/// bytes. Generated words are one token each, so an answer sent back in the next turn gives the tokens that were generated.
/// </summary>
internal static class Tokenizer
{
    private const int MaxTokenBytes = 4;

    // The highest byte of an id is ASCII in text, so that ids are positive, and this one in marks.
    private const byte MarkByte = 0x7F;
    private const int MarkBits = 0xFF_FFFF;

    private static readonly string[] Words =
        [" sea", " old", " man", " day", " sun", " law", " ask", " way", " air", " far", " eye", " men", " end", " boy", " own", " new"];

    private static readonly int[] WordIds = [.. Words.Select(word => Pack(Encoding.UTF8.GetBytes(word)))];

    private static readonly string[] MarkNames = ["end", "system", "user", "assistant", "tool", "developer", "tools"];

    /// <summary>A token that no text gives, such as the mark before a message.</summary>
    public static int Mark(string name)
    {
        int known = Array.IndexOf(MarkNames, name);
        return (MarkByte << 24) | (known >= 0 ? known : Math.Max(MarkNames.Length, Hash(name) & MarkBits));
    }

    public static void Encode(string text, List<int> tokens)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int start = 0;
        for (int i = 1; i <= bytes.Length; i++)
        {
            if (i == bytes.Length || bytes[i] == (byte)' ' || i - start == MaxTokenBytes || (i - start == MaxTokenBytes - 1 && bytes[i] >= MarkByte))
            {
                tokens.Add(Pack(bytes.AsSpan(start, i - start)));
                start = i;
            }
        }
    }

    /// <summary>The text that gives these tokens; marks as <c>&lt;|name|&gt;</c>.</summary>
    public static string Decode(IEnumerable<int> tokens)
    {
        var text = new MemoryStream();
        Span<byte> bytes = stackalloc byte[MaxTokenBytes];
        foreach (int token in tokens)
        {
            if (token >> 24 == MarkByte)
            {
                int mark = token & MarkBits;
                text.Write(Encoding.UTF8.GetBytes($"<|{(mark < MarkNames.Length ? MarkNames[mark] : "other")}|>"));
                continue;
            }

            BinaryPrimitives.WriteInt32LittleEndian(bytes, token);
            text.Write(bytes.TrimEnd((byte)0));
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    /// <summary>The token generated at a position, the same for the same prompt.</summary>
    public static int Generate(int seed, int position) => WordIds[Choose(seed, position)];

    public static string GenerateText(int seed, int position) => Words[Choose(seed, position)];

    private static int Choose(int seed, int position)
    {
        uint mixed = unchecked((uint)seed + ((uint)position * 2654435761u));
        mixed ^= mixed >> 15;
        return (int)(unchecked(mixed * 2246822519u) >> 28);
    }

    private static int Pack(ReadOnlySpan<byte> bytes)
    {
        int token = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            token |= bytes[i] << (8 * i);
        }

        return token;
    }

    // FNV-1a
    private static int Hash(string name)
    {
        uint hash = 2166136261;
        foreach (byte b in Encoding.UTF8.GetBytes(name))
        {
            hash = unchecked((hash ^ b) * 16777619);
        }

        return (int)(hash & int.MaxValue);
    }
}
