using System.Text;

namespace EndpointPicker.Demo.Traffic;

/// <summary>Text of a known number of tokens: a space and three letters are one token to the simulated servers.</summary>
internal static class PromptText
{
    private static readonly string[] Words =
    [
        " the", " old", " man", " and", " sea", " his", " boy", " big", " red", " sun", " had", " for", " day", " net", " oar", " sky", " wet", " dry", " ran", " sat",
        " saw", " cut", " ate", " put", " got", " let", " set", " hit", " led", " fed", " won", " lay", " oak", " elm", " ash", " ivy", " fox", " owl", " bee", " ant",
        " cow", " hen", " pig", " cat", " dog", " rat", " bat", " ram", " key", " cup", " jar", " box", " bag", " hat", " map", " pen", " ink", " log", " axe", " saw",
        " mud", " fog", " ice", " tea",
    ];

    /// <summary><paramref name="tokens"/> words, each with a space before it.</summary>
    public static string Take(Random random, int tokens)
    {
        var text = new StringBuilder(tokens * 4);
        for (int i = 0; i < tokens; i++)
        {
            text.Append(Words[random.Next(Words.Length)]);
        }

        return text.ToString();
    }

    /// <summary>The same text for the same seed; a shorter one is the beginning of a longer one.</summary>
    public static string Seeded(long seed, int tokens) => Take(new Random(unchecked((int)(seed * 2654435761L) ^ (int)(seed >> 32))), tokens);
}
