namespace EndpointPicker.Hosting.Logging;

/// <summary>Writes all logs to one stream, a line at a time.</summary>
internal sealed class JsonLinesProvider(Stream output, LogLevel minimum, TimeProvider time) : ILoggerProvider
{
    // Protects the stream: a line is written whole.
    private readonly Lock _line = new();

    public DateTimeOffset Now => time.GetUtcNow();

    public ILogger CreateLogger(string categoryName)
    {
        // The web server's own messages cost CPU on every request and say nothing that ours do not; the host's repeat, with a stack trace,
        // what is said of a start that failed.
        LogLevel level = categoryName is "Microsoft.AspNetCore.Hosting.Diagnostics" or "Microsoft.Extensions.Hosting.Internal.Host" ? LogLevel.None
            : categoryName.StartsWith("Microsoft.", StringComparison.Ordinal) && minimum > LogLevel.Trace ? LogLevel.Warning
            : minimum;
        return new JsonLinesLogger(Shorten(categoryName), level, this);
    }

    public void Write(ReadOnlySpan<byte> line)
    {
        lock (_line)
        {
            output.Write(line);
            output.Flush();
        }
    }

    public void Dispose()
    {
    }

    private static string Shorten(string category) =>
        category.StartsWith("EndpointPicker.", StringComparison.Ordinal) ? category["EndpointPicker.".Length..] : category;
}
