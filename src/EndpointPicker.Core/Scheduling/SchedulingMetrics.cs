using System.Diagnostics.Metrics;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.Core.Scheduling;

/// <summary>What scheduling tells of itself: durations of the whole and of each plugin, and attempts by endpoint.</summary>
public sealed class SchedulingMetrics
{
    private static readonly InstrumentAdvice<double> PluginBuckets =
        new() { HistogramBucketBoundaries = [.0001, .0002, .0005, .001, .002, .005, .01, .02, .05, .1] };

    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _pluginDuration;
    private readonly Counter<long> _attempts;
    private readonly double _secondsPerTick;

    // Clients name models as they like; a series for each of them would fill the memory.
    private readonly LabelBudget _models = new(1000);

    /// <summary>Creates the instruments.</summary>
    /// <param name="factory">Where the meter comes from.</param>
    /// <param name="time">The clock that durations are measured with.</param>
    public SchedulingMetrics(IMeterFactory factory, TimeProvider time)
    {
        Time = time;
        _secondsPerTick = 1.0 / time.TimestampFrequency;
        Meter meter = factory.Create("EndpointPicker");
        _duration = meter.CreateHistogram("llm_d_epp_scheduler_e2e_duration_seconds", "", "Duration of one scheduling call.", null, PluginBuckets);
        _pluginDuration = meter.CreateHistogram("llm_d_epp_plugin_duration_seconds", "", "Duration of one plugin's part.", null, PluginBuckets);
        _attempts = meter.CreateCounter<long>("llm_d_epp_scheduler_attempts_total", "", "Scheduling attempts by outcome and endpoint.");
    }

    internal TimeProvider Time { get; }

    internal bool TimesPlugins => _pluginDuration.Enabled;

    internal static KeyValuePair<string, object?>[] PluginTags(string extensionPoint, string type, string name) =>
        [new("extension_point", extensionPoint), new("plugin_type", type), new("plugin_name", name)];

    internal void Scheduled(long ticks) => _duration.Record(ticks * _secondsPerTick);

    internal void PluginRan(KeyValuePair<string, object?>[] tags, long ticks) => _pluginDuration.Record(ticks * _secondsPerTick, tags);

    internal void Attempted(Endpoint? picked, InferenceRequest request)
    {
        if (_attempts.Enabled)
        {
            ReadOnlySpan<KeyValuePair<string, object?>> tags =
            [
                new("status", picked is null ? "failure" : "success"),
                new("target_model_name", request.TargetIsConfigured ? request.TargetModel : _models.Admit(request.TargetModel)),
                new("endpoint_name", picked?.Name ?? ""),
                new("namespace", picked?.Namespace ?? ""),
                new("port", picked?.Port ?? ""),
            ];
            _attempts.Add(1, tags);
        }
    }
}
