using EndpointPicker.Core.RequestControl;
using EndpointPicker.Hosting.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EndpointPicker.Hosting.Tracing;

/// <summary>
/// Exports spans while the host runs. It is a hosted service that starts before the web server and so stops behind it, when the last stream
/// has ended.
/// </summary>
/// <param name="options">Where spans go.</param>
/// <param name="logs">Makes the log that takes them where that is wanted.</param>
internal sealed class TraceExport(TracingOptions options, ILoggerFactory logs) : IHostedService, IDisposable
{
    // What a collector that does not answer may cost the stop.
    private const int FlushMilliseconds = 2000;

    private TracerProvider? _provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // The environment's attributes come last and so hold. Which requests are traced is decided before a span is made.
        ResourceBuilder resource = ResourceBuilder.CreateEmpty()
            .AddService("llm-d-epp", serviceVersion: BuildVersion.Version)
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector();
        TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder()
            .AddSource(RequestTracing.SourceName)
            .SetSampler(new AlwaysOnSampler())
            .SetResourceBuilder(resource);
        if (options.Otlp)
        {
            builder.AddOtlpExporter(otlp => UseTracesVariables(otlp, Environment.GetEnvironmentVariable));
        }

        if (options.Log)
        {
            builder.AddProcessor(new SimpleActivityExportProcessor(new SpanLog(logs.CreateLogger<SpanLog>())));
        }

        _provider = builder.Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _provider?.Shutdown(FlushMilliseconds);
        return Task.CompletedTask;
    }

    public void Dispose() => _provider?.Dispose();

    // Of the standard's variables the SDK reads those for all signals alone, unless one exporter serves all of them.
    private static void UseTracesVariables(OtlpExporterOptions otlp, Func<string, string?> environment)
    {
        if (environment("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") is { Length: > 0 } protocol)
        {
            otlp.Protocol = protocol == "http/protobuf" ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        }

        if (environment("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") is { Length: > 0 } endpoint)
        {
            otlp.Endpoint = new Uri(endpoint);
        }

        if (environment("OTEL_EXPORTER_OTLP_TRACES_HEADERS") is { Length: > 0 } headers)
        {
            otlp.Headers = headers;
        }

        if (int.TryParse(environment("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT"), out int timeout))
        {
            otlp.TimeoutMilliseconds = timeout;
        }
    }
}
