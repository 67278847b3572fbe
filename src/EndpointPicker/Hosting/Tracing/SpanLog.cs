using System.Diagnostics;
using System.Globalization;
using OpenTelemetry;

namespace EndpointPicker.Hosting.Tracing;

/// <summary>Writes each span as a line of the log.</summary>
internal sealed class SpanLog(ILogger<SpanLog> logger) : BaseExporter<Activity>
{
    private static readonly EventId Id = new(1, "Span");

    public override ExportResult Export(in Batch<Activity> batch)
    {
        foreach (Activity span in batch)
        {
            if (logger.IsEnabled(LogLevel.Information))
            {
                logger.Log(LogLevel.Information, Id, Describe(span), null, static (state, _) => (string)state[0].Value!);
            }
        }

        return ExportResult.Success;
    }

    private static KeyValuePair<string, object?>[] Describe(Activity span) =>
    [
        new("span", span.DisplayName),
        new("traceId", span.TraceId.ToHexString()),
        new("spanId", span.SpanId.ToHexString()),
        new("parentSpanId", span.ParentSpanId == default ? null : span.ParentSpanId.ToHexString()),
        new("kind", span.Kind),
        new("start", span.StartTimeUtc.ToString("O", CultureInfo.InvariantCulture)),
        new("milliseconds", span.Duration.TotalMilliseconds),
        new("status", span.Status),
        new("statusMessage", span.StatusDescription),
        new("attributes", new Dictionary<string, object?>(span.TagObjects)),
    ];
}
