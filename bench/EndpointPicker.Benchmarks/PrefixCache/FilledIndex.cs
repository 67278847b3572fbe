using System.Net;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.PrefixCache;

namespace EndpointPicker.Benchmarks.PrefixCache;

/// <summary>An index of 100 endpoints with 31,250 blocks each, every block at eight of them, and prompts of 400 KB of which 90 % is held.</summary>
internal sealed class FilledIndex
{
    public const int Endpoints = 100;
    public const int PromptBlocks = 1563;
    private const int Holders = 8;
    private const int Held = PromptBlocks * 9 / 10;

    private readonly Random _random = new(1);

    public FilledIndex()
    {
        List<EndpointDescription> descriptions = [];
        for (int i = 0; i < Endpoints; i++)
        {
            descriptions.Add(new EndpointDescription("default", $"pod-{i}", new IPEndPoint(IPAddress.Loopback, 8000 + i), new Dictionary<string, string>()));
        }

        Pool.Replace(descriptions);
        ReadOnlySpan<Endpoint> endpoints = Pool.Current.Endpoints;
        int prompts = Endpoints * 31_250 / Holders / Held;
        for (int prompt = 0; prompt < prompts; prompt++)
        {
            ulong[] chain = Chain();
            int first = _random.Next(Endpoints);
            for (int holder = 0; holder < Holders; holder++)
            {
                // Seven apart, so that the holders of one prompt are not those of the next.
                Index.Record(chain.AsSpan(0, Held), endpoints[(first + (holder * 7)) % Endpoints]);
            }

            Prompts.Add(chain);
            Index.WhenIdleAsync().GetAwaiter().GetResult();
        }
    }

    public EndpointPool Pool { get; } = new("bench");

    public PrefixIndex Index { get; } = new(new PrefixIndexOptions());

    public List<ulong[]> Prompts { get; } = [];

    public ulong[] Chain()
    {
        ulong[] chain = new ulong[PromptBlocks];
        for (int i = 0; i < chain.Length; i++)
        {
            chain[i] = (ulong)_random.NextInt64(long.MinValue, long.MaxValue);
        }

        return chain;
    }
}
