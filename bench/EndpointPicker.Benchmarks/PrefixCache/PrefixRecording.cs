using BenchmarkDotNet.Attributes;
using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Benchmarks.PrefixCache;

/// <summary>What does it cost to record a 400 KB prompt, known, partly known and new to its endpoint?</summary>
public class PrefixRecording
{
    private readonly Random _random = new(1);
    private FilledIndex _filled = null!;
    private int _next;

    [GlobalSetup]
    public void Setup() => _filled = new FilledIndex();

    [Benchmark(Baseline = true)]
    public int Known()
    {
        _filled.Index.Record(_filled.Prompts[^1], _filled.Pool.Current.Endpoints[0]);
        return _filled.Index.Count;
    }

    [Benchmark]
    public int OneTenthNew()
    {
        ulong[] chain = _filled.Prompts[^1];
        for (int i = chain.Length * 9 / 10; i < chain.Length; i++)
        {
            chain[i] = (ulong)_random.NextInt64(long.MinValue, long.MaxValue);
        }

        _filled.Index.Record(chain, _filled.Pool.Current.Endpoints[0]);
        return _filled.Index.Count;
    }

    [Benchmark]
    public int KnownToOthers()
    {
        _next++;
        Endpoint endpoint = _filled.Pool.Current.Endpoints[_next % FilledIndex.Endpoints];
        _filled.Index.Record(_filled.Prompts[_next * 7 % _filled.Prompts.Count], endpoint);
        return _filled.Index.Count;
    }
}
