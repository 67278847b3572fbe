using System.Globalization;

namespace EndpointPicker.Demo.Observed;

/// <summary>What a pod's metrics page said last; an adapter is empty when none was ever used.</summary>
internal sealed record PodLoad(double Running, double Waiting, double CacheUsage, string Adapter)
{
    public static PodLoad Unknown { get; } = new(0, 0, 0, "");

    /// <summary>Reads the four gauges; of the LoRA gauge's series the latest is the current one.</summary>
    /// <param name="page">Prometheus text.</param>
    /// <param name="before">The page before: an adapter that is not in use any more stays loaded.</param>
    public static PodLoad Parse(string page, PodLoad before)
    {
        double running = 0;
        double waiting = 0;
        double usage = 0;
        (double At, string Adapters) latest = (0, "");
        foreach (string line in page.Split('\n'))
        {
            int space = line.LastIndexOf(' ');
            if (space < 0 || line[0] == '#' || !double.TryParse(line[(space + 1)..], CultureInfo.InvariantCulture, out double value))
            {
                continue;
            }

            string name = line[..Math.Max(0, line.IndexOf('{', StringComparison.Ordinal))];
            switch (name)
            {
                case "vllm:num_requests_running":
                    running = value;
                    break;
                case "vllm:num_requests_waiting":
                    waiting = value;
                    break;
                case "vllm:kv_cache_usage_perc":
                    usage = value;
                    break;
                case "vllm:lora_requests_info" when value >= latest.At:
                    latest = (value, RunningAdapters(line));
                    break;
            }
        }

        return new PodLoad(running, waiting, usage, latest.Adapters.Length > 0 ? latest.Adapters : before.Adapter);
    }

    private static string RunningAdapters(string line)
    {
        const string Label = "running_lora_adapters=\"";
        int start = line.IndexOf(Label, StringComparison.Ordinal) + Label.Length;
        return start < Label.Length ? "" : line[start..line.IndexOf('"', start)];
    }
}
