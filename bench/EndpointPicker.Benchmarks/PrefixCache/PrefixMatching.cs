using BenchmarkDotNet.Attributes;

namespace EndpointPicker.Benchmarks.PrefixCache;

/// <summary>What does it cost to match a 400 KB prompt? The budget is 20 microseconds.</summary>
public class PrefixMatching
{
    private readonly int[] _counts = new int[FilledIndex.Endpoints];
    private FilledIndex _filled = null!;
    private int _next;

    [GlobalSetup]
    public void Setup() => _filled = new FilledIndex();

    /// <summary>The lines are in the first caches: what the instructions cost.</summary>
    [Benchmark(Baseline = true)]
    public int SamePrompt()
    {
        _filled.Index.Match(_filled.Prompts[0], _counts);
        return _counts[0];
    }

    /// <summary>Another prompt each time: what the memory costs besides.</summary>
    [Benchmark]
    public int OtherPrompt()
    {
        _next = (_next + 1) % _filled.Prompts.Count;
        _filled.Index.Match(_filled.Prompts[_next], _counts);
        return _counts[0];
    }

    [Benchmark]
    public int UnknownPrompt()
    {
        _next = (_next + 1) % (FilledIndex.PromptBlocks / 2);
        _filled.Index.Match(_filled.Prompts[_next % _filled.Prompts.Count].AsSpan(FilledIndex.PromptBlocks - 100), _counts);
        return _counts[0];
    }
}
