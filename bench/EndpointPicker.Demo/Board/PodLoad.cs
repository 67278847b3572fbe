namespace EndpointPicker.Demo.Board;

/// <summary>What a pod's metrics page said last.</summary>
internal sealed record PodLoad(double Running, double Waiting, double CacheUsage, string Adapters)
{
    public static PodLoad Unknown { get; } = new(0, 0, 0, "");

    /// <summary>Reads the four gauges; of the LoRA gauge's series the latest is the current one.</summary>
    public static PodLoad Parse(string page)
    {
        double running = 0;
        double waiting = 0;
        double usage = 0;
        (double At, string Adapters) latest = (0, "");
        foreach (string line in page.Split('\n'))
        {
            int space = line.LastIndexOf(' ');
            if (space < 0 || line[0] == '#' || !double.TryParse(line[(space + 1)..], System.Globalization.CultureInfo.InvariantCulture, out double value))
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
                    latest = (value, line.Split('"')[3]);
                    break;
            }
        }

        return new PodLoad(running, waiting, usage, latest.Adapters);
    }
}
