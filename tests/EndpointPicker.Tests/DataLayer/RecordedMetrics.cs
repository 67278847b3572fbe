using System.Diagnostics.Metrics;

namespace EndpointPicker.Tests.DataLayer;

/// <summary>A meter factory of one test, and what its instruments have measured.</summary>
internal sealed class RecordedMetrics : IMeterFactory
{
    private readonly List<Meter> _meters = [];
    private readonly MeterListener _listener = new();
    private readonly List<(string Name, double Value, Dictionary<string, object?> Tags)> _measurements = [];

    public RecordedMetrics()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            lock (_meters)
            {
                if (_meters.Contains(instrument.Meter))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            }
        };
        _listener.SetMeasurementEventCallback<long>((i, v, t, _) => Take(i, v, t));
        _listener.SetMeasurementEventCallback<double>((i, v, t, _) => Take(i, v, t));
        _listener.Start();
    }

    public Meter Create(MeterOptions options)
    {
        Meter meter = new(options);
        lock (_meters)
        {
            _meters.Add(meter);
        }

        return meter;
    }

    public double Sum(string name, params (string Key, string Value)[] tags)
    {
        lock (_measurements)
        {
            return _measurements.Where(m => m.Name == name && tags.All(t => Equals(m.Tags.GetValueOrDefault(t.Key), t.Value))).Sum(m => m.Value);
        }
    }

    /// <summary>What the observable instruments tell now.</summary>
    public IReadOnlyList<(string Name, double Value, Dictionary<string, object?> Tags)> Collect()
    {
        lock (_measurements)
        {
            _measurements.Clear();
        }

        _listener.RecordObservableInstruments();
        lock (_measurements)
        {
            return [.. _measurements];
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(m => m.Dispose());
    }

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Dictionary<string, object?> copy = [];
        foreach ((string key, object? tag) in tags)
        {
            copy[key] = tag;
        }

        lock (_measurements)
        {
            _measurements.Add((instrument.Name, value, copy));
        }
    }
}
