using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace EndpointPicker.Hosting.Metrics;

/// <summary>Listens to this process's own meters and keeps their values for the exporter.</summary>
internal sealed class MetricsCollector : IDisposable
{
    public const string MeterName = "EndpointPicker";

    private readonly ConcurrentDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    // Protects a collection: observable gauges are cleared and read anew, and two scrapes may come at once.
    private readonly Lock _collection = new();

    public MetricsCollector(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Tests run several pickers in one process: each listens to the meters of its own factory.
            if (instrument.Meter.Name == MeterName && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                Family family = _families.GetOrAdd(instrument.Name, _ => new Family(instrument, KindOf(instrument)));
                listener.EnableMeasurementEvents(instrument, instrument.Meter.Tags is { } tags && tags.Any() ? new TaggedFamily(family, [.. tags]) : family);
            }
        };
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.Start();
    }

    /// <summary>The family of an instrument that is recorded as things happen; <see langword="null"/> where there is none.</summary>
    /// <param name="name">The instrument's name.</param>
    /// <remarks>Observable gauges show their last collection here; reading them anew is left to <see cref="Collect"/>, because it is dear.</remarks>
    public Family? Find(string name) => _families.GetValueOrDefault(name);

    /// <summary>Reads the observable gauges and calls back with every family, by name.</summary>
    /// <param name="use">What to do with the families.</param>
    public void Collect(Action<IReadOnlyList<Family>> use)
    {
        lock (_collection)
        {
            foreach (Family family in _families.Values)
            {
                if (family.Instrument.IsObservable)
                {
                    family.Clear();
                }
            }

            _listener.RecordObservableInstruments();
            use([.. _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal)]);
        }
    }

    public void Dispose() => _listener.Dispose();

    private static void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (state is Family family)
        {
            family.Record(value, tags);
        }
        else
        {
            ((TaggedFamily)state!).Record(value, tags);
        }
    }

    private static FamilyKind KindOf(Instrument instrument)
    {
        Type type = instrument.GetType();
        Type shape = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return shape == typeof(Histogram<>) ? FamilyKind.Histogram
            : shape == typeof(Counter<>) || shape == typeof(ObservableCounter<>) ? FamilyKind.Counter
            : shape == typeof(UpDownCounter<>) ? FamilyKind.UpDown
            : FamilyKind.Gauge;
    }
}
