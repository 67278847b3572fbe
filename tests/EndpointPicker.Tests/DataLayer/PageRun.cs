using System.Text;
using EndpointPicker.Configuration.DataLayer;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.DataLayer;
using Testing;

namespace EndpointPicker.Tests.DataLayer;

/// <summary>One endpoint's reader, fed with pages of text.</summary>
internal sealed class PageRun
{
    // When the captures were taken; the LoRA gauge shows times.
    public static readonly DateTimeOffset Captured = DateTimeOffset.FromUnixTimeSeconds(1795261600);

    private readonly SignalCollector _signals;
    private readonly ExpositionReader _reader;
    private readonly EngineMap _map;

    public PageRun(string engine = "vllm", EngineMetrics? custom = null, ManualTimeProvider? time = null)
    {
        EngineMetricsOptions options = new() { Engines = custom is null ? BuiltInEngines.All : [.. BuiltInEngines.All, custom] };
        Dictionary<string, string> labels = new() { ["llm-d.ai/engine-type"] = custom?.Name ?? engine };
        _map = new EngineMaps(options).Select(labels);
        _signals = new SignalCollector(time ?? new ManualTimeProvider(Captured));
        _reader = new ExpositionReader(_signals);
    }

    public bool Missing { get; private set; }

    public EndpointSignals? Read(string page) => Read(Encoding.UTF8.GetBytes(page));

    public EndpointSignals? Read(ReadOnlySpan<byte> page, int pieceSize = int.MaxValue)
    {
        _signals.Begin(_map);
        _reader.Begin();
        while (!page.IsEmpty)
        {
            int length = Math.Min(pieceSize, page.Length);
            _reader.Append(page[..length]);
            page = page[length..];
        }

        return Complete();
    }

    public EndpointSignals? ReadPieces(byte[] page, IEnumerable<int> cuts)
    {
        _signals.Begin(_map);
        _reader.Begin();
        int from = 0;
        foreach (int cut in cuts.Order().Append(page.Length))
        {
            _reader.Append(page.AsSpan(from, cut - from));
            from = cut;
        }

        return Complete();
    }

    private EndpointSignals? Complete()
    {
        _reader.Complete();
        EndpointSignals? signals = _signals.Complete(out bool missing);
        Missing = missing;
        return signals;
    }
}
