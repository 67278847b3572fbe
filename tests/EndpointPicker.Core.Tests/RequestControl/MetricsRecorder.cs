using System.Diagnostics.Metrics;
using System.Globalization;

namespace EndpointPicker.Core.Tests.RequestControl;

/// <summary>A meter factory whose measurements a test can read as lines.</summary>
internal sealed class MetricsRecorder : IMeterFactory
{
    private readonly List<string> _lines = [];
    private readonly MeterListener _listener = new();
    private readonly List<Meter> _meters = [];

    public MetricsRecorder()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (_meters.Contains(instrument.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value.ToString(CultureInfo.InvariantCulture), tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, Math.Round(value, 9).ToString(CultureInfo.InvariantCulture), tags));
        _listener.Start();
    }

    public Meter Create(MeterOptions options)
    {
        Meter meter = new(options);
        _meters.Add(meter);
        return meter;
    }

    public int Count => _lines.Count;

    public string[] Of(string name) => [.. _lines.Where(l => l.StartsWith(name + "{", StringComparison.Ordinal))];

    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(m => m.Dispose());
    }

    private void Add(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        List<string> labels = [];
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            labels.Add($"{tag.Key}={Assert.IsType<string>(tag.Value)}");
        }

        _lines.Add($"{instrument.Name}{{{string.Join(",", labels)}}} {value}");
    }
}
