using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace EndpointPicker.Hosting.Metrics;

/// <summary>The process's own figures, under the names that every Prometheus client library uses, and the build.</summary>
internal sealed class ProcessMetrics
{
    private readonly double _startTime;

    public ProcessMetrics(IMeterFactory factory)
    {
        using Process self = Process.GetCurrentProcess();
        _startTime = new DateTimeOffset(self.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        Meter meter = factory.Create(MetricsCollector.MeterName);
        meter.CreateObservableCounter("process_cpu_seconds_total", CpuSeconds, "", "Total user and system CPU time spent in seconds.");
        meter.CreateObservableGauge("process_resident_memory_bytes", static () => (double)Environment.WorkingSet, "", "Resident memory size in bytes.");
        meter.CreateObservableGauge("process_start_time_seconds", () => _startTime, "", "Start time of the process since unix epoch in seconds.");
        meter.CreateObservableGauge("process_open_fds", OpenFiles, "", "Number of open file descriptors.");
        meter.CreateObservableGauge("llm_d_epp_info", Build, "", "General information of the current build of the endpoint picker.");
    }

    private static double CpuSeconds()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }

    private static double OpenFiles() => Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : 0;

    private static Measurement<double> Build() =>
        new(1, new KeyValuePair<string, object?>("commit", BuildVersion.Commit), new KeyValuePair<string, object?>("build_ref", BuildVersion.Version));
}
