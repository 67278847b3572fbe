namespace EndpointPicker.Core.Scheduling;

/// <summary>Times plugins that run one after the other with one reading of the clock between two of them, and none where nobody listens.</summary>
internal struct PluginStopwatch
{
    private readonly SchedulingMetrics? _metrics;
    private long _last;

    private PluginStopwatch(SchedulingMetrics? metrics)
    {
        _metrics = metrics;
        _last = metrics?.Time.GetTimestamp() ?? 0;
    }

    public static PluginStopwatch Start(SchedulingMetrics? metrics) => new(metrics is { TimesPlugins: true } ? metrics : null);

    public void Lap(KeyValuePair<string, object?>[] tags)
    {
        if (_metrics is not null)
        {
            long now = _metrics.Time.GetTimestamp();
            _metrics.PluginRan(tags, now - _last);
            _last = now;
        }
    }
}
