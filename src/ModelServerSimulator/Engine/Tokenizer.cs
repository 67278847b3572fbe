using System.Text;

namespace ModelServerSimulator.Engine;

/// <summary>
/// Text to tokens and back, well enough to count: a token is at most four bytes and never crosses the space before a word. Generated words
/// are one token each, so an answer sent back in the next turn gives the tokens that were generated.
/// </summary>
internal static class Tokenizer
{
    private const int MaxTokenBytes = 4;

    private static readonly string[] Words =
        [" sea", " old", " man", " day", " sun", " law", " ask", " way", " air", " far", " eye", " men", " end", " boy", " own", " new"];

    private static readonly int[] WordIds = [.. Words.Select(word => Identify(Encoding.UTF8.GetBytes(word)))];

    /// <summary>A token that no text gives, such as the mark before a message.</summary>
    public static int Mark(string name) => ~Identify(Encoding.UTF8.GetBytes(name));

    public static void Encode(string text, List<int> tokens)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int start = 0;
        for (int i = 1; i <= bytes.Length; i++)
        {
            if (i == bytes.Length || bytes[i] == (byte)' ' || i - start == MaxTokenBytes)
            {
                tokens.Add(Identify(bytes.AsSpan(start, i - start)));
                start = i;
            }
        }
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

    // FNV-1a; the sign bit is kept free for marks.
    private static int Identify(ReadOnlySpan<byte> bytes)
    {
        uint hash = 2166136261;
        foreach (byte b in bytes)
        {
            hash = unchecked((hash ^ b) * 16777619);
        }

        return (int)(hash & int.MaxValue);
    }
}
