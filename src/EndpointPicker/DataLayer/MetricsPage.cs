using System.Collections.Frozen;
using EndpointPicker.Core.Endpoints;
using Endpoint = EndpointPicker.Core.Endpoints.Endpoint;

namespace EndpointPicker.DataLayer;

/// <summary>An endpoint's metrics page: read as it arrives, published as signals once it is whole.</summary>
internal sealed class MetricsPage : Page
{
    private const string ExtractorType = "core-metrics-extractor";

    private readonly Endpoint _endpoint;
    private readonly EngineMaps _engines;
    private readonly DataLayerMetrics _metrics;
    private readonly SignalCollector _signals;
    private readonly ExpositionReader _reader;
    private FrozenDictionary<string, string>? _labels;
    private EngineMap _map = null!;

    public MetricsPage(Endpoint endpoint, EngineMaps engines, DataLayerMetrics metrics, TimeProvider time)
    {
        _endpoint = endpoint;
        _engines = engines;
        _metrics = metrics;
        _signals = new SignalCollector(time);
        _reader = new ExpositionReader(_signals);
    }

    /// <inheritdoc/>
    public override string SourceType => "metrics-data-source";

    /// <summary>Whether the server serves LoRA adapters, as far as its pages have shown.</summary>
    public bool ServesAdapters => _signals.ServesAdapters;

    /// <inheritdoc/>
    public override void Begin()
    {
        // Discovery may relabel an endpoint while it lives, and with it its engine.
        if (!ReferenceEquals(_labels, _endpoint.Labels))
        {
            _labels = _endpoint.Labels;
            _map = _engines.Select(_labels);
        }

        _signals.Begin(_map);
        _reader.Begin();
    }

    /// <inheritdoc/>
    public override void Append(ReadOnlySpan<byte> bytes) => _reader.Append(bytes);

    /// <inheritdoc/>
    public override bool Complete(long timestamp)
    {
        _reader.Complete();
        EndpointSignals? signals = _signals.Complete(out bool missing);
        if (missing)
        {
            _metrics.ExtractFailed(SourceType, ExtractorType);
        }

        if (signals is null)
        {
            return false;
        }

        _endpoint.Publish(signals, timestamp);
        return true;
    }

    /// <inheritdoc/>
    public override void Fail(int failures)
    {
        // The last signals stay. What they are worth is told by Endpoint.ScrapedAt, which only a success moves.
    }
}
