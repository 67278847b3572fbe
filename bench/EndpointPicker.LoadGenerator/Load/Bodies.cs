using System.Text;
using System.Text.Json;

namespace EndpointPicker.LoadGenerator.Load;

/// <summary>Chat completion bodies made beforehand: groups share the beginning of their prompt.</summary>
internal static class Bodies
{
    public static IReadOnlyList<byte[]> Create(LoadOptions options)
    {
        var random = new Random(1);
        int shared = (int)(options.PromptBytes * options.Shared);
        string[] prefixes = [.. Enumerable.Range(0, options.Groups).Select(_ => Text(random, shared))];
        return [.. Enumerable.Range(0, options.Distinct).Select(i => JsonSerializer.SerializeToUtf8Bytes(new
        {
            model = "demo-model",
            messages = new[] { new { role = "user", content = prefixes[i % prefixes.Length] + Text(random, options.PromptBytes - shared) } },
            max_tokens = 16,
            stream = true,
        }))];
    }

    private static string Text(Random random, int length)
    {
        var text = new StringBuilder(length);
        for (int i = 0; i < length; i++)
        {
            text.Append(i % 6 == 5 ? ' ' : (char)random.Next('a', 'z' + 1));
        }

        return text.ToString();
    }
}
