using System.Text;
using System.Text.Json;

namespace EndpointPicker.Benchmarks.Requests;

/// <summary>Chat completions of a given size: a conversation of words with the escapes that prose has.</summary>
internal static class ChatBody
{
    private const int TurnLength = 2000;

    public static byte[] OfLength(int bytes)
    {
        Random random = new(bytes);
        List<object> messages = [new { role = "system", content = "You are brief." }];
        for (int written = 0; written < bytes - 200; written += TurnLength)
        {
            int length = Math.Min(TurnLength, bytes - 200 - written);
            messages.Add(new { role = messages.Count % 2 == 1 ? "user" : "assistant", content = Words(random, length) });
        }

        return JsonSerializer.SerializeToUtf8Bytes(new { model = "sql-lora", stream = true, max_tokens = 256, messages });
    }

    private static string Words(Random random, int length)
    {
        StringBuilder text = new();
        while (text.Length < length)
        {
            for (int i = random.Next(2, 9); i > 0; i--)
            {
                text.Append((char)('a' + random.Next(26)));
            }

            text.Append(random.Next(20) == 0 ? '\n' : ' ');
        }

        return text.ToString(0, length);
    }
}
