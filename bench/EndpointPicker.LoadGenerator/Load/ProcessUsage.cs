using System.Diagnostics;

namespace EndpointPicker.LoadGenerator.Load;

/// <summary>CPU time and memory of the server and of this process at one moment.</summary>
internal readonly record struct ProcessUsage(TimeSpan? Server, long ServerMemory, TimeSpan Driver)
{
    public static ProcessUsage Of(int? processId)
    {
        TimeSpan driver = Environment.CpuUsage.TotalTime;
        if (processId is not { } id)
        {
            return new ProcessUsage(null, 0, driver);
        }

        using var process = Process.GetProcessById(id);
        return new ProcessUsage(process.TotalProcessorTime, process.WorkingSet64, driver);
    }
}
