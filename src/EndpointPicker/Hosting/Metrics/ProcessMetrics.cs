using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using EndpointPicker.Hosting.Lifetime;

namespace EndpointPicker.Hosting.Metrics;

/// <summary>The process's own figures, under the names that every Prometheus client library uses, the build, and whether it should get traffic.</summary>
internal sealed class ProcessMetrics
{
    private readonly double _startTime;

    public ProcessMetrics(IMeterFactory factory, Readiness readiness)
    {
        using Process self = Process.GetCurrentProcess();
        _startTime = new DateTimeOffset(self.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        Meter meter = factory.Create(MetricsCollector.MeterName);
        meter.CreateObservableCounter("process_cpu_seconds_total", CpuSeconds, "", "Total user and system CPU time spent in seconds.");
        meter.CreateObservableGauge("process_resident_memory_bytes", static () => (double)Environment.WorkingSet, "", "Resident memory size in bytes.");
        meter.CreateObservableGauge("process_virtual_memory_bytes", VirtualMemory, "", "Virtual memory size in bytes.");
        meter.CreateObservableGauge("process_start_time_seconds", () => _startTime, "", "Start time of the process since unix epoch in seconds.");
        meter.CreateObservableGauge("process_open_fds", OpenFiles, "", "Number of open file descriptors.");
        meter.CreateObservableGauge("process_max_fds", MostOpenFiles, "", "Maximum number of open file descriptors.");
        meter.CreateObservableGauge("llm_d_epp_info", Build, "", "General information of the current build of the endpoint picker.");
        meter.CreateObservableGauge("llm_d_epp_ready", () => readiness.IsReady ? 1 : 0, "", "Whether the picker is ready, as its health and /readyz say.");
    }

    private static double CpuSeconds()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }

    private static double VirtualMemory()
    {
        using Process self = Process.GetCurrentProcess();
        return self.VirtualMemorySize64;
    }

    // "Max open files            1048576              1048576              files"; the first number is the limit that holds.
    private static IEnumerable<Measurement<double>> MostOpenFiles()
    {
        const string Limits = "/proc/self/limits";
        const string Row = "Max open files";
        string? line = File.Exists(Limits) ? File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(Row, StringComparison.Ordinal)) : null;
        string? number = line?[Row.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return double.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out double most) ? [new Measurement<double>(most)] : [];
    }

    private static double OpenFiles() => Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : 0;

    private static Measurement<double> Build() =>
        new(1, new KeyValuePair<string, object?>("commit", BuildVersion.Commit), new KeyValuePair<string, object?>("build_ref", BuildVersion.Version));
}
