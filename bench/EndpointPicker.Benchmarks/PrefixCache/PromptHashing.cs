using BenchmarkDotNet.Attributes;
using EndpointPicker.Core.PrefixCache;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.Benchmarks.PrefixCache;

/// <summary>What does hashing a prompt cost over the bare XXH64 of its bytes?</summary>
public class PromptHashing
{
    private readonly PromptHasher _hasher = new(new PromptHasherOptions());
    private readonly PromptBlocks _blocks = new();
    private byte[] _text = [];

    [Params(1024, 32 * 1024, 400 * 1024)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _text = new byte[Bytes];
        new Random(1).NextBytes(_text);
    }

    [Benchmark(Baseline = true)]
    public ulong BareXxHash64() => XxHash64.Hash(_text);

    [Benchmark]
    public int WholeText() => Hash(_text.Length);

    [Benchmark]
    public int TextIn1000ByteParts() => Hash(1000);

    private int Hash(int part)
    {
        _hasher.Reset(PromptHasherOptions.MinBlockTokens);
        _blocks.Clear();
        for (int at = 0; at < _text.Length; at += part)
        {
            _hasher.Text(PromptLane.Messages, _text.AsSpan(at, Math.Min(part, _text.Length - at)));
        }

        _hasher.Complete("meta-llama/Llama-3.1-8B-Instruct", _blocks);
        return _blocks.Count;
    }
}
