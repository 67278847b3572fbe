using System.Buffers;

namespace EndpointPicker.Hosting.Logging;

/// <summary>Logs of one category as JSON lines.</summary>
internal sealed class JsonLinesLogger(string category, LogLevel minimum, JsonLinesProvider provider) : ILogger
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        ArrayBufferWriter<byte> buffer = _buffer ??= new ArrayBufferWriter<byte>(512);
        buffer.ResetWrittenCount();
        JsonLinesFormatter.Write(buffer, provider.Now, category, logLevel, eventId, state, formatter(state, exception), exception);
        provider.Write(buffer.WrittenSpan);
    }
}
