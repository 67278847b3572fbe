using System.Text;
using System.Text.Json;
using EndpointPicker.Demo.Programs;

namespace EndpointPicker.Demo.Traffic;

/// <summary>Who asks what: eight tenants, some far busier than others, with system prompts of about 2,600 tokens and short questions of their own.</summary>
internal sealed class Workload
{
    private const int Tenants = 8;
    private const int SystemPromptWords = 1_500;

    private static readonly string[] Words =
        ["the", "old", "man", "and", "sea", "road", "town", "king", "gold", "ship", "wind", "star", "book", "door", "fire", "snow", "hill", "lake", "moon", "rain"];

    private readonly Random _random = new(42);
    private readonly double[] _weights;
    private int _questions;

    public Workload()
    {
        All = [.. Enumerable.Range(0, Tenants).Select(i => new Tenant($"tenant-{i + 1}", ModelOf(i), Text(SystemPromptWords)))];
        _weights = [.. Enumerable.Range(1, Tenants).Select(rank => 1.0 / rank)];
    }

    public IReadOnlyList<Tenant> All { get; }

    /// <summary>The next request: who asks, and the body.</summary>
    public (Tenant Tenant, byte[] Body) Next()
    {
        double at = _random.NextDouble() * _weights.Sum();
        int chosen = 0;
        while (chosen < Tenants - 1 && (at -= _weights[chosen]) > 0)
        {
            chosen++;
        }

        Tenant tenant = All[chosen];
        string question = $"question {_questions++}: {Text(_random.Next(10, 60))}?";
        return (tenant, JsonSerializer.SerializeToUtf8Bytes(new
        {
            model = tenant.Model,
            messages = new object[] { new { role = "system", content = tenant.SystemPrompt }, new { role = "user", content = question } },
            max_tokens = _random.Next(20, 60),
            stream = true,
            stream_options = new { include_usage = true },
        }));
    }

    /// <summary>The time to the next request at a mean rate, as independent users make it.</summary>
    public TimeSpan NextGap(double rate) => TimeSpan.FromSeconds(-Math.Log(1 - _random.NextDouble()) / rate);

    private static string ModelOf(int tenant) => (tenant % 4) switch
    {
        1 => Chain.Adapters[0],
        3 => Chain.Adapters[1],
        _ => Chain.Model,
    };

    private string Text(int words)
    {
        var text = new StringBuilder();
        for (int i = 0; i < words; i++)
        {
            text.Append(i == 0 ? "" : " ").Append(Words[_random.Next(Words.Length)]);
        }

        return text.ToString();
    }
}
