using System.Buffers;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using ModelServerSimulator.Engine;

namespace ModelServerSimulator.Tests.Engine;

/// <summary>An engine driven step by step in virtual time, with its metrics page to look at.</summary>
internal sealed class EngineRig
{
    private readonly ManualTime _time = new();
    private readonly InferenceEngine _engine;

    public EngineRig(EngineOptions options) => _engine = new InferenceEngine(options, _time);

    public static EngineOptions Options { get; } = new()
    {
        Model = "m",
        BlockSize = 4,
        NumGpuBlocks = 1001,
        MaxModelLength = 4000,
        MaxNumSeqs = 4,
        MaxBatchedTokens = 2000,
        StepTime = TimeSpan.FromMilliseconds(10),
        PrefillTimePerToken = TimeSpan.FromMilliseconds(1),
        DecodeTimePerSequence = TimeSpan.FromMilliseconds(2),
        LoraLoadTime = TimeSpan.FromMilliseconds(500),
    };

    public InferenceEngine Engine => _engine;

    public static IReadOnlyList<int> Prompt(int length, int variant = 0) => [.. Enumerable.Range(0, length).Select(i => (variant * 100_000) + i)];

    public TestSequence Submit(int promptLength = 8, int maxTokens = 4, string? adapter = null, int variant = 0, string? salt = null) =>
        Submit(new SequenceRequest(Prompt(promptLength, variant), maxTokens, Adapter: adapter, CacheSalt: salt));

    public TestSequence Submit(SequenceRequest request)
    {
        var output = Channel.CreateUnbounded<GeneratedToken>();
        var sequence = new Sequence(request, output.Writer);
        _engine.Submit(sequence);
        return new TestSequence(sequence, output.Reader);
    }

    /// <summary>One step; how long it took, null when the engine was idle.</summary>
    public TimeSpan? Step()
    {
        TimeSpan? duration = _engine.BeginStep();
        if (duration is { } time)
        {
            _time.Advance(time);
            _engine.CompleteStep();
        }

        return duration;
    }

    public void StepUntilIdle()
    {
        for (int steps = 0; Step() is not null; steps++)
        {
            Assert.True(steps < 100_000, "the engine never becomes idle");
        }
    }

    public string Page()
    {
        var page = new ArrayBufferWriter<byte>();
        _engine.WriteMetrics(page);
        return Encoding.UTF8.GetString(page.WrittenSpan);
    }

    /// <summary>The value of the one sample that begins with <paramref name="name"/> and contains <paramref name="label"/>.</summary>
    public double Metric(string name, string label = "")
    {
        string line = Page().Split('\n').Single(line => line.StartsWith($"vllm:{name}{{", StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal));
        return double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }
}
