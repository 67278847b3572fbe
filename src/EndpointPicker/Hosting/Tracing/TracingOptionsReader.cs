using System.Globalization;

namespace EndpointPicker.Hosting.Tracing;

/// <summary>
/// Reads OpenTelemetry's environment variables. Unlike the standard's default, and the reference's, nothing is exported unless one of them
/// says so.
/// </summary>
internal static class TracingOptionsReader
{
    private const string Sampler = "parentbased_traceidratio";

    public static TracingOptions Read(Func<string, string?> environment, List<string> warnings)
    {
        bool disabled = "true".Equals(environment("OTEL_SDK_DISABLED"), StringComparison.OrdinalIgnoreCase);
        string endpoint = Value(environment, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", Value(environment, "OTEL_EXPORTER_OTLP_ENDPOINT", ""));
        string exporters = Value(environment, "OTEL_TRACES_EXPORTER", endpoint.Length > 0 ? "otlp" : "none");
        bool otlp = false;
        bool log = false;
        foreach (string exporter in exporters.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            switch (exporter)
            {
                case "otlp":
                    otlp = true;
                    break;
                case "console":
                    log = true;
                    break;
                case "none":
                    break;
                default:
                    warnings.Add($"OTEL_TRACES_EXPORTER={exporters}: {exporter} is not known, spans go nowhere by it; there are otlp, console and none");
                    break;
            }
        }

        bool hasAddress = Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https";
        if (otlp && endpoint.Length > 0 && !hasAddress)
        {
            warnings.Add($"the OTLP endpoint {endpoint} is no http:// or https:// address: traces are not exported");
            otlp = false;
        }

        return disabled ? TracingOptions.Off : new TracingOptions { Otlp = otlp, Log = log, Endpoint = hasAddress ? $"{uri!.Scheme}://{uri.Authority}" : "", Ratio = Ratio(environment, warnings) };
    }

    private static double Ratio(Func<string, string?> environment, List<string> warnings)
    {
        string sampler = Value(environment, "OTEL_TRACES_SAMPLER", Sampler);
        if (sampler != Sampler)
        {
            warnings.Add($"OTEL_TRACES_SAMPLER={sampler} is not known, {Sampler} with a share of {TracingOptions.DefaultRatio} stands in");
            return TracingOptions.DefaultRatio;
        }

        string text = Value(environment, "OTEL_TRACES_SAMPLER_ARG", "");
        if (text.Length == 0)
        {
            return TracingOptions.DefaultRatio;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double ratio) && !double.IsNaN(ratio))
        {
            return Math.Clamp(ratio, 0, 1);
        }

        warnings.Add($"OTEL_TRACES_SAMPLER_ARG={text} is no number from 0 to 1, {TracingOptions.DefaultRatio} stands in");
        return TracingOptions.DefaultRatio;
    }

    // The standard takes an empty variable for one that is not set.
    private static string Value(Func<string, string?> environment, string name, string otherwise) =>
        environment(name)?.Trim() is { Length: > 0 } value ? value : otherwise;
}
