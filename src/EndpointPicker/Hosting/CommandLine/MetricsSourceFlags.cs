using EndpointPicker.Configuration.DataLayer;

namespace EndpointPicker.Hosting.CommandLine;

/// <summary>How model servers are scraped, as flags of older releases say; what is absent is left to the configuration.</summary>
/// <param name="Port"><c>--model-server-metrics-port</c>.</param>
/// <param name="Path"><c>--model-server-metrics-path</c>.</param>
/// <param name="Scheme"><c>--model-server-metrics-scheme</c>.</param>
/// <param name="InsecureSkipVerify"><c>--model-server-metrics-https-insecure-skip-verify</c>.</param>
internal sealed record MetricsSourceFlags(int? Port, string? Path, string? Scheme, bool? InsecureSkipVerify)
{
    public static MetricsSourceFlags None { get; } = new(null, null, null, null);

    /// <summary>Reads the flags; each one given gets a warning with what takes its place.</summary>
    public static MetricsSourceFlags Read(FlagReader read, FlagValues values)
    {
        bool Given(string name, string parameter)
        {
            bool given = values.Given.ContainsKey(name);
            if (given)
            {
                values.Warnings.Add($"--{name} is deprecated: set the parameter {parameter} of metrics-data-source in the configuration file");
            }

            return given;
        }

        int port = read.Port("model-server-metrics-port");
        string path = read.Text("model-server-metrics-path");
        string scheme = read.OneOf("model-server-metrics-scheme", "http", "https");
        bool skip = read.Boolean("model-server-metrics-https-insecure-skip-verify");
        return new MetricsSourceFlags(
            Given("model-server-metrics-port", "port") && port > 0 ? port : null,
            Given("model-server-metrics-path", "path") ? path : null,
            Given("model-server-metrics-scheme", "scheme") ? scheme : null,
            Given("model-server-metrics-https-insecure-skip-verify", "insecureSkipVerify") ? skip : null);
    }

    /// <summary>Puts the flags over what the configuration says.</summary>
    public MetricsSourceOptions Over(MetricsSourceOptions configured) => configured with
    {
        Port = Port ?? configured.Port,
        Path = Path ?? configured.Path,
        Scheme = Scheme ?? configured.Scheme,
        InsecureSkipVerify = InsecureSkipVerify ?? configured.InsecureSkipVerify,
    };
}
